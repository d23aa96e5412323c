import { type Locator, type Page, expect } from "@playwright/test";
import { rowsOf } from "../support/spreadsheet.ts";
import { ConsolePage } from "./console.ts";

/** `/consola`: the campaign of a year, with the manual's actions. */
export class CampaignPage extends ConsolePage {
  constructor(page: Page, staffPassword: string) {
    super(page, "/consola", staffPassword);
  }

  /** A stage of the funnel: its name and number are one link. */
  funnel(name: string): Locator {
    return this.page.getByRole("link", { name: new RegExp(name, "i") });
  }

  async expectFunnel(figures: Record<string, number>): Promise<void> {
    for (const [name, figure] of Object.entries(figures)) {
      await expect(this.funnel(name).first(), `${name} in the funnel`).toContainText(new RegExp(`(^|\\D)${figure}(\\D|$)`));
    }
  }

  /** Opens «Seleccionar», which first shows what it would do. */
  async previewSelection(): Promise<Locator> {
    await this.button("Seleccionar").click();
    await expect(this.dialog()).toBeVisible();
    return this.dialog();
  }

  async select(expected: number): Promise<void> {
    const dialog = await this.previewSelection();
    const done = this.notice(new RegExp(`\\b${expected}\\b`));
    await this.confirming(() => dialog.getByRole("button", { name: /^Seleccionar/ }).click(), done);
  }

  /** Exports and reads the file back. */
  async exportRows(path: string): Promise<Record<string, string>[]> {
    const download = this.page.waitForEvent("download");
    download.catch(() => {});
    await this.button("Exportar a Excel").click();
    const question = this.dialog().getByLabel(/^(Su clave|Clave)/);
    const asked = await Promise.race([
      download.then(() => false), question.waitFor({ state: "visible" }).then(() => true, () => false),
    ]);
    if (asked) {
      await question.fill(this.staffPassword);
      await this.dialog().getByRole("button", { name: /^Confirmar/ }).click();
    }
    await (await download).saveAs(path);
    return rowsOf(path);
  }

  /** «Enviar» with what is typed into the manual's field. */
  async openSend(typed: string): Promise<Locator> {
    await this.button("Enviar").click();
    const dialog = this.dialog();
    await dialog.getByRole("textbox", { name: /Indique|Correo|cantidad/i }).fill(typed);
    return dialog;
  }

  async send(typed: string, outcome: Locator): Promise<void> {
    const dialog = await this.openSend(typed);
    await this.confirming(() => dialog.getByRole("button", { name: /^Enviar/ }).click(), outcome);
  }

  /** «Blanquear» or «Borrar No Activados», the year typed to confirm. */
  async erase(action: "Blanquear" | "Borrar No Activados", year: number): Promise<void> {
    await this.button(action).click();
    const dialog = this.dialog();
    await dialog.getByLabel(/año/i).fill(String(year));
    const done = this.notice(/elimin|borr/i);
    await this.confirming(() => dialog.getByRole("button", { name: new RegExp(`^(${action}|Borrar|Sí)`) }).click(), done);
  }

  /** The year's newest batch. */
  batch(text: string | RegExp): Locator {
    return this.page.getByRole("region", { name: /env[ií]o/i }).filter({ hasText: text });
  }
}
