// An OUT of many documents: one is digitised, its JSON copied under other names; without a ledger the outputs speak for themselves.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [sohoa, out, count] = process.argv.slice(2);
const input = `${out}-in`;
mkdirSync(input, { recursive: true });
writeFileSync(join(input, 'a.txt'), 'SỞ Y TẾ\nSố: 1/KH-SYT\n\nKẾ HOẠCH\nTiêm chủng\n\nI. MỤC ĐÍCH\n1. Bảo vệ sức khỏe của nhân dân trong toàn tỉnh.\n');
execFileSync(sohoa, ['digitise', input, '-o', out, '--quiet']);
const json = readFileSync(join(out, 'a.txt.json'), 'utf8');
const plan = JSON.parse(json);
for (let i = 0; i < Number(count); i += 1) {
  const number = String(i).padStart(4, '0');
  plan.header.title = `Kế hoạch ${number} về tiêm chủng`;
  plan.header.number = `${i}/KH-SYT`;
  plan.quality.doubtful = (i * 7919) % 40;
  writeFileSync(join(out, `k-${number}.txt.json`), JSON.stringify(plan));
}
rmSync(join(out, '.sohoa'), { recursive: true });
