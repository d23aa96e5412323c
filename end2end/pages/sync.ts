import { type Locator, type Page, expect } from "@playwright/test";
import { ConsolePage } from "./console.ts";

/** `/consola/sincronizacion`. */
export class SyncPage extends ConsolePage {
  constructor(page: Page, staffPassword: string) {
    super(page, "/consola/sincronizacion", staffPassword);
  }

  async upload(name: string, bytes: Buffer): Promise<void> {
    const file = { name, mimeType: "text/csv", buffer: bytes };
    await this.page.getByLabel("Archivo de matriculados").setInputFiles(file);
    await this.button("Cargar archivo").click();
  }

  async expectLoaded(): Promise<void> {
    await expect(this.told("El registro quedó sincronizado")).toBeVisible({ timeout: 30_000 });
  }

  async expectRefused(sentence: string | RegExp): Promise<void> {
    await expect(this.told("No se cargó el archivo")).toContainText(sentence, { timeout: 30_000 });
  }

  /** The newest line of the history. */
  newest(): Locator {
    return this.page.getByRole("table", { name: "Últimas sincronizaciones" }).getByRole("row").nth(1);
  }
}
