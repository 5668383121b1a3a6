import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';

export type Theme = 'light' | 'dark';

/** Screenshots go here; nothing of a test run stays in the repository. */
export const SCREENSHOT_DIR = join(tmpdir(), 'naap-e2e');

/** Debian's Chromium, or what `CHROMIUM_PATH` names. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
}

export interface OpenPage {
  page: Page;
  /** What the page wrote to the console as an error, and exceptions that nobody caught. */
  errors: string[];
  close(): Promise<void>;
}

/** A page of its own, with its own storage, in a theme and of a size. */
export async function openPage(
  browser: Browser,
  options: { theme?: Theme; width?: number; height?: number } = {},
): Promise<OpenPage> {
  const { theme = 'light', width = 1280, height = 900 } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    timezoneId: 'UTC',
    colorScheme: theme,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  await context.addInitScript(
    value => localStorage.setItem('theme', value),
    theme,
  );
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', message => {
    if (message.type() === 'error') {
      errors.push(message.text());
    }
  });
  page.on('pageerror', error => errors.push(String(error)));
  return { page, errors, close: () => context.close() };
}

/** Serious and critical violations that axe-core finds, as `rule: target` with the reason. */
export async function seriousViolations(page: Page): Promise<string[]> {
  const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  await page.evaluate(await readFile(axe, 'utf8'));
  return page.evaluate(async () => {
    const { axe: run } = window as unknown as {
      axe: {
        run(): Promise<{
          violations: Array<{
            id: string;
            impact: string;
            nodes: Array<{ target: string[]; failureSummary: string }>;
          }>;
        }>;
      };
    };
    const { violations } = await run.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) =>
        nodes.map(
          node => `${id}: ${node.target.join(' ')} (${node.failureSummary})`,
        ),
      );
  });
}

/** Takes a picture of the whole page; returns its path. */
export async function screenshot(page: Page, name: string): Promise<string> {
  mkdirSync(SCREENSHOT_DIR, { recursive: true });
  const path = join(SCREENSHOT_DIR, `${name}.png`);
  // However busy the machine is.
  await page.screenshot({ path, fullPage: true, timeout: 120_000 });
  return path;
}
