import { createMemoryLog } from '../../src/log/memory-log.ts';
import { describeLogContract } from '../contract/log-contract.ts';

describeLogContract('memory', createMemoryLog);
