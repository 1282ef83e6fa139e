import { createMemoryDirectory } from '../../src/session/memory-directory.ts';
import { describeDirectoryContract } from '../contract/directory-contract.ts';

describeDirectoryContract('memory', createMemoryDirectory);
