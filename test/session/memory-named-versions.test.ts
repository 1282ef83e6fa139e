import { createMemoryNamedVersions } from '../../src/session/memory-named-versions.ts';
import { describeNamedVersionsContract } from '../contract/named-versions-contract.ts';

describeNamedVersionsContract('memory', createMemoryNamedVersions);
