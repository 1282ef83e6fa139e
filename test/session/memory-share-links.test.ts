import { createMemoryShareLinks } from '../../src/session/memory-share-links.ts';
import { describeShareLinksContract } from '../contract/share-links-contract.ts';

describeShareLinksContract('memory', createMemoryShareLinks);
