import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withOperationsTable } from './operationsTable';

const README = join(__dirname, '..', 'README.md');

writeFileSync(README, withOperationsTable(readFileSync(README, 'utf8')));
