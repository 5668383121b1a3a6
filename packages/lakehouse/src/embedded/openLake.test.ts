import { EmbeddedLakes } from '../__testUtils__/embeddedLakes';
import { bronzeReaderContract } from '../testing/bronzeReaderContract';
import { lakeCatalogContract } from '../testing/lakeCatalogContract';

const lakes = new EmbeddedLakes();
afterAll(() => lakes.close());

describe('DuckDbBronzeReader', () => {
  bronzeReaderContract(lakes.open);
});
describe('SqliteLakeCatalog', () => {
  lakeCatalogContract(lakes.open);
});
