// The review desk in a real browser: Debian's chromium, driven by playwright-core, looked at by axe-core.
//
//     node review.mjs SOHOA FIXTURES SCREENSHOTS
//
// Every check fails loudly; times are printed, not asserted tightly: machines differ.
import { spawn, execFileSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, readFileSync, writeFileSync, copyFileSync, existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRequire } from 'node:module';
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const [sohoa, fixtures, shots] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const home = mkdtempSync(join(tmpdir(), 'sohoa-browser-'));
const out = join(home, 'out');
const input = join(home, 'in');
mkdirSync(shots, { recursive: true });
mkdirSync(join(input, 'xã'), { recursive: true });

const GARBLED = readFileSync(join(fixtures, 'a5-garbled.txt'), 'utf8');
writeFileSync(join(input, 'kế hoạch.txt'), GARBLED);
writeFileSync(join(input, 'xã', 'phước lộc thọ.txt'), `${GARBLED}\nGiao ông Y Bhiu Kdam theo dõi; ông Y Bhiu Kdam báo cáo.\n`);
// thirty pages: the same text again and again, a form feed between
writeFileSync(join(input, 'ba mươi trang.txt'), Array(30).fill(GARBLED.slice(0, 3000)).join('\f'));
copyFileSync(join(fixtures, 'c5-office.pdf'), join(input, 'c5-office.pdf'));
writeFileSync(join(input, 'hỏng.pdf'), '%PDF-1.4\nnot a document');
const digitised = spawn(sohoa, ['digitise', input, '-o', out, '--alto', '--quiet'], { stdio: 'inherit' });
await new Promise((done) => digitised.on('close', done));

function serve(folder) {
  const server = spawn(sohoa, ['review', folder, '--no-open', '--reviewer', 'Lê Thị Hoa'], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((done) => server.stdout.once('data', (data) => done({ server, link: data.toString().trim() })));
}

const { server, link } = await serve(out);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb'] });
const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: 'vi-VN' });
const trouble = [];
const foreign = [];
function watch(page) {
  page.on('pageerror', (error) => trouble.push(String(error)));
  page.on('console', (message) => { if (message.type() === 'error' && !message.text().includes('404') && !message.text().includes('409')) trouble.push(message.text()); });
  page.on('request', (request) => { if (!request.url().startsWith('http://127.0.0.1:')) foreign.push(request.url()); });
  return page;
}
const page = watch(await context.newPage());
const figures = {};
// (playwright's own waitForFunction evaluates text, which the page's policy forbids)
async function until(on, holds, patience = 30000) {
  const end = Date.now() + patience;
  while (!await on.evaluate(holds)) {
    if (Date.now() > end) throw new Error(`still not: ${holds}`);
    await on.waitForTimeout(30);
  }
}
const say = (text) => console.log(`  ${text}`);
const settle = async (on = page) => until(on, () => !/Đang lưu|đang được ghi|Saving|being written/.test(document.querySelector('.saved')?.textContent ?? ''), 60000);

async function serious(name, on = page) {
  await on.evaluate(axe);
  const { violations } = await on.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
  for (const { id, impact, nodes } of violations) say(`axe: ${name}: ${id} (${impact}) ${nodes[0].html.slice(0, 140)}`);
  assert.deepEqual(violations.filter(({ impact }) => ['serious', 'critical'].includes(impact)).map(({ id }) => id), [], `axe: ${name}`);
}
const shoot = (name, on = page) => on.screenshot({ path: join(shots, `${name}.png`) });

async function check(name, run) {
  const begun = Date.now();
  try { await run(); } catch (error) { await shoot('failure').catch(() => {}); throw new Error(`${name}: ${error.stack}`); }
  console.log(`ok  ${name} (${Date.now() - begun} ms)`);
}
const text = (name) => readFileSync(join(out, name), 'utf8');
// Outputs are written after the page shows a decision; how long after is the machine's affair.
async function onDisk(what, holds) {
  for (const end = Date.now() + 60000; !holds(); await page.waitForTimeout(50)) assert.ok(Date.now() < end, what);
}

try {
  await check('the link opens the list, and the token leaves the address', async () => {
    await page.goto(link);
    await page.waitForSelector('.row a');
    assert.ok(!page.url().includes('token'));
    assert.equal(await page.locator('.row').count(), 5);
    assert.match(await page.locator('.row').first().innerText(), /hỏng\.pdf/); // what failed comes first
    figures['list: first contentful paint'] = Math.round(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1));
    await serious('list');
    await shoot('list');
  });

  await check('search ignores marks', async () => {
    await page.fill('#q', 'phuoc loc tho');
    await until(page, () => document.querySelectorAll('.row').length === 1);
    assert.match(await page.locator('.row').innerText(), /phước lộc thọ/i);
    await page.fill('#q', '');
    await until(page, () => document.querySelectorAll('.row').length === 5);
  });

  await check('doubtful words by keyboard: step, accept, write, undo, redo', async () => {
    await page.locator('.row a', { hasText: 'kế hoạch.txt' }).first().click();
    await page.waitForSelector('.w.now');
    await serious('document (text)');
    const all = await page.locator('.w.open').count();
    assert.ok(all >= 2, `${all} doubtful words`);
    await page.keyboard.press('n');
    await page.keyboard.press('p');
    await page.keyboard.press('a');
    assert.equal(await page.locator('.w.done').count() >= 1, true);
    await page.keyboard.press('e');
    await page.keyboard.type('Xyzđạ');
    await page.keyboard.press('Enter');
    await settle();
    await until(page, () => [...document.querySelectorAll('.w.done')].some((mark) => mark.textContent.includes('Xyzđạ')));
    await onDisk('the text on disk has it', () => text('kế hoạch.txt.txt').includes('Xyzđạ'));
    await onDisk('and the JSON', () => JSON.parse(text('kế hoạch.txt.json')).reviews.some(({ text: written }) => written === 'Xyzđạ'));
    await page.reload();
    await until(page, () => [...document.querySelectorAll('.w.done')].some((mark) => mark.textContent.includes('Xyzđạ')));
    await page.keyboard.press('Control+z');
    await until(page, () => ![...document.querySelectorAll('.w')].some((mark) => mark.textContent.includes('Xyzđạ')));
    await settle();
    await onDisk('undone on disk', () => !text('kế hoạch.txt.txt').includes('Xyzđạ'));
    await page.keyboard.press('Control+y');
    await until(page, () => [...document.querySelectorAll('.w')].some((mark) => mark.textContent.includes('Xyzđạ')));
    await page.keyboard.press('Control+z');
    await settle();
  });

  await check('fields and labels', async () => {
    await page.locator('.field.title .pencil').click();
    await page.locator('.field.title input').fill('Nhan đề mới');
    await page.keyboard.press('Enter');
    await until(page, () => document.querySelector('.field.title .value')?.textContent.includes('Nhan đề mới'));
    await settle();
    await onDisk('the title in the JSON', () => JSON.parse(text('kế hoạch.txt.json')).header.title === 'Nhan đề mới');
  });

  await check('two tabs at one word', async () => {
    const other = watch(await context.newPage());
    await other.goto(page.url());
    await other.waitForSelector('.w.now');
    // the other tab does not notice in between
    const stale = await other.evaluate(() => fetch(`/api/documents/${location.hash.slice(4)}/state`).then((response) => response.json()));
    await other.route('**/state', (route) => route.fulfill({ json: stale }));
    const at = await page.evaluate(() => document.querySelector('.w.open')?.dataset.w);
    for (const tab of [page, other]) await tab.evaluate((n) => document.querySelector(`.w[data-w="${n}"]`).click(), at);
    await page.keyboard.press('e');
    await page.keyboard.type('Một');
    await page.keyboard.press('Enter');
    await settle();
    await other.keyboard.press('e');
    await other.keyboard.type('Hai');
    await other.keyboard.press('Enter');
    await other.waitForSelector('dialog[open]');
    assert.match(await other.locator('dialog').innerText(), /Lê Thị Hoa.*Một/s);
    await serious('dialogue', other);
    await shoot('dialogue', other);
    await other.locator('dialog button', { hasText: 'Giữ' }).click();
    await until(other, () => [...document.querySelectorAll('.w.done')].some((mark) => mark.textContent === 'Một'));
    await other.close();
  });

  await check('a scan: picture, boxes, crop', async () => {
    await page.goto(`${new URL(link).origin}/#/`);
    await page.locator('.row a', { hasText: 'c5-office' }).first().click();
    await until(page, () => document.querySelector('.scan')?.naturalWidth > 500, 30000);
    await page.waitForSelector('.box', { timeout: 120000 });
    await page.waitForTimeout(500);
    if (await page.locator('.w.now').count()) await page.waitForSelector('.crop');
    await page.keyboard.press('+');
    await page.waitForTimeout(400);
    await page.keyboard.press('0');
    await page.keyboard.press('n');
    await page.waitForTimeout(400);
    await serious('document (scan)');
    await shoot('document');
    await page.keyboard.press('?');
    await page.waitForSelector('dialog[open]');
    await shoot('help');
    await page.keyboard.press('Escape');
    // English, and remembered
    await page.click('#language');
    await page.waitForSelector('.w, .card-done');
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
    await page.reload();
    await page.waitForSelector('.text-tools');
    assert.match(await page.locator('.text-tools').innerText(), /Previous/);
    await page.click('#language');
    await page.waitForSelector('.text-tools');
  });

  await check('thirty pages', async () => {
    await page.goto(`${new URL(link).origin}/#/`);
    await page.waitForSelector('.row a');
    const times = [];
    for (let i = 0; i < 3; i += 1) {
      await page.evaluate(() => {
        window.opened = new Promise((done) => {
          const begun = performance.now();
          const look = () => (document.querySelector('.document .w.now') ? requestAnimationFrame(() => done(performance.now() - begun)) : requestAnimationFrame(look));
          [...document.querySelectorAll('.row a')].find((a) => a.textContent.includes('ba mươi trang')).click();
          look();
        });
      });
      times.push(Math.round(await page.evaluate(() => window.opened)));
      await page.goBack();
      await page.waitForSelector('.row a');
    }
    figures['30 pages: from click to first word shown'] = times.join(', ');
    await page.locator('.row a', { hasText: 'ba mươi trang' }).first().click();
    await page.waitForSelector('.w.now');
    const keys = await page.evaluate(async () => {
      const took = [];
      for (let i = 0; i < 30; i += 1) {
        const begun = performance.now();
        document.dispatchEvent(new KeyboardEvent('keydown', { key: i % 3 === 2 ? 'a' : 'n', bubbles: true }));
        document.body.getBoundingClientRect();
        const synchronous = performance.now() - begun;
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        took.push([synchronous, performance.now() - begun]);
      }
      return took;
    });
    const at = (n, share) => Math.round(keys.map((pair) => pair[n]).sort((a, b) => a - b)[Math.floor(keys.length * share)] * 10) / 10;
    figures['keystroke (work done; next frame painted), median'] = `${at(0, 0.5)}; ${at(1, 0.5)}`;
    figures['likewise, 95 %'] = `${at(0, 0.95)}; ${at(1, 0.95)}`;
  });

  await check('a phone in portrait', async () => {
    const phone = await browser.newContext({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true, locale: 'vi-VN' });
    const small = watch(await phone.newPage());
    await small.goto(link);
    await small.waitForSelector('.row a');
    await serious('list on a phone', small);
    await shoot('phone-list', small);
    await small.locator('.row a', { hasText: 'c5-office' }).first().tap();
    await small.waitForSelector('.text .block');
    await small.waitForTimeout(1500);
    assert.ok(await small.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'nothing wider than the screen');
    await serious('document on a phone', small);
    await shoot('phone-document', small);
    await phone.close();
  });

  await check('in the dark', async () => {
    const dark = await browser.newContext({ viewport: { width: 1280, height: 720 }, colorScheme: 'dark', locale: 'vi-VN' });
    const tab = watch(await dark.newPage());
    await tab.goto(link);
    await tab.waitForSelector('.row a');
    await tab.locator('.row a', { hasText: 'c5-office' }).first().click();
    await tab.waitForSelector('.text .block');
    await tab.waitForTimeout(800);
    await serious('document in the dark', tab);
    await shoot('dark', tab);
    await dark.close();
  });

  await check('who has no token gets nothing', async () => {
    const stranger = await browser.newContext();
    const tab = await stranger.newPage();
    const response = await tab.goto(new URL(link).origin);
    assert.equal(response.status(), 403);
    await stranger.close();
  });
} finally {
  await page.close();
  server.kill('SIGINT');
}
await new Promise((done) => server.on('close', done));

await check('ten thousand documents', async () => {
  const big = join(home, 'big');
  execFileSync(process.execPath, ['--no-warnings', fileURLToPath(new URL('many.mjs', import.meta.url)), sohoa, big, '10000']);
  const { server: other, link: there } = await serve(big);
  try {
    const tab = watch(await context.newPage());
    await tab.goto(there);
    await tab.waitForSelector('.row a');
    figures['10,000 documents: first contentful paint'] = Math.round(await tab.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1));
    assert.ok(await tab.locator('.row').count() < 60, 'only what is seen exists');
    const frames = await tab.evaluate(async () => {
      const scroller = document.querySelector('.scroller');
      const took = [];
      let last = performance.now();
      for (let i = 0; i < 60; i += 1) {
        scroller.scrollTop = (i / 59) * (scroller.scrollHeight - scroller.clientHeight);
        await new Promise(requestAnimationFrame);
        const now = performance.now();
        took.push(now - last);
        last = now;
      }
      return took.sort((a, b) => a - b);
    });
    figures['10,000 documents: frame while scrolling, median; 95 %'] = `${Math.round(frames[30])}; ${Math.round(frames[56])}`;
    await until(tab, () => document.querySelectorAll('.row a').length > 5);
    const begun = Date.now();
    await tab.fill('#q', 'K-9999');
    await until(tab, () => document.querySelectorAll('.row').length === 1);
    figures['10,000 documents: search, from key to row'] = Date.now() - begun;
    await shoot('many', tab);
    await tab.close();
  } finally {
    other.kill('SIGINT');
  }
});
await browser.close();
for (const [name, value] of Object.entries(figures)) console.log(`${name}: ${value} ms`);
assert.deepEqual(trouble, [], 'errors in the browser');
assert.deepEqual(foreign, [], 'requests to elsewhere');
if (!existsSync(join(shots, 'list.png'))) throw new Error('no screenshots');
rmSync(home, { recursive: true });
