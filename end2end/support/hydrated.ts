import type { Page } from "@playwright/test";

/**
 * Waits until the page's client, if it has one, has taken over: before that, a button that only opens a
 * dialog does nothing. The document says so itself with `data-vivo` on its root.
 */
export async function hydrated(page: Page): Promise<void> {
  await page.locator("html[data-vivo], html:not(:has(script[type=module]))").waitFor({ state: "attached" });
  await page.waitForLoadState("networkidle");
}
