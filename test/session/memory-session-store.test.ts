import { createMemorySessionStore } from '../../src/session/memory-session-store.ts';
import { describeSessionStoreContract } from '../contract/session-store-contract.ts';

describeSessionStoreContract('memory', createMemorySessionStore);
