import { type Locator, type Page, expect } from "@playwright/test";
import { ConsolePage } from "./console.ts";

/** `/consola/sincronizacion`. */
export class SyncPage extends ConsolePage {
  constructor(page: Page, staffPassword: string) {
    super(page, "/consola/sincronizacion", staffPassword);
  }

  async upload(name: string, bytes: Buffer): Promise<void> {
    await this.page.locator('input[type="file"]').setInputFiles({ name, mimeType: "text/csv", buffer: bytes });
    await this.button(/Cargar|Sincronizar/).click();
  }

  /** The newest line of the history. */
  newest(): Locator {
    return this.page.getByRole("table").getByRole("row").nth(1);
  }

  async expectNewest(state: string | RegExp): Promise<void> {
    await expect(this.newest()).toContainText(state, { timeout: 30_000 });
  }
}
