import { type Locator, type Page, expect } from "@playwright/test";
import { rowsOf } from "../support/spreadsheet.ts";
import { ConsolePage } from "./console.ts";

type Stage = "registrados" | "seleccionados" | "enviados" | "activados";

/** `/consola`: the campaign of a year, with the manual's actions. */
export class CampaignPage extends ConsolePage {
  constructor(page: Page, staffPassword: string) {
    super(page, "/consola", staffPassword);
  }

  /** Each figure of the funnel is a link to its list. */
  async expectFunnel(figures: Partial<Record<Stage, number>>): Promise<void> {
    for (const [stage, figure] of Object.entries(figures)) {
      await expect(this.page.getByRole("link", { name: `${figure} ${stage}: ver la lista` })).toBeVisible();
    }
  }

  /** Opens «Seleccionar», which first shows what it would do. */
  async previewSelection(): Promise<Locator> {
    await this.button("Seleccionar").click();
    const dialog = this.dialog(/^Seleccionar comerciantes/);
    await expect(dialog.getByRole("table")).toBeVisible();
    return dialog;
  }

  async select(expected: number): Promise<void> {
    const dialog = await this.previewSelection();
    const act = dialog.getByRole("button", { name: "Seleccionar", exact: true });
    await this.confirming(() => act.click(), this.told(`${expected} comerciantes quedaron seleccionados`));
  }

  /** Exports and reads the file back. */
  async exportRows(path: string): Promise<Record<string, string>[]> {
    const download = this.page.waitForEvent("download");
    await this.button("Exportar a Excel").click();
    const question = this.dialog("Confirme su clave");
    const asked = await Promise.race([
      download.then(() => false),
      question.waitFor({ timeout: 0 }).then(() => true, () => false),
    ]);
    if (asked) await this.confirmPassword();
    await (await download).saveAs(path);
    return rowsOf(path);
  }

  /** «Enviar» with what is typed into the manual's field. */
  async openSend(typed: string): Promise<Locator> {
    await this.button("Enviar").click();
    const dialog = this.dialog(/^Enviar contraseñas/);
    await dialog.getByLabel("Indique").fill(typed);
    return dialog;
  }

  async send(typed: string, outcome: Locator): Promise<void> {
    const dialog = await this.openSend(typed);
    await this.confirming(() => dialog.getByRole("button", { name: "Enviar", exact: true }).click(), outcome);
  }

  /** A batch that has come to its end with that many mails. */
  finishedBatch(mails: number): Locator {
    return this.page
      .getByRole("article", { name: /^Envío (de prueba )?\d+$/ })
      .filter({ hasText: "Terminado" })
      .filter({ hasText: `${mails} de ${mails}` })
      .first();
  }

  /** The newest batch, whatever its state. */
  newestBatch(): Locator {
    return this.page.getByRole("article", { name: /^Envío (de prueba )?\d+$/ }).first();
  }

  /** A figure of a batch's card: «Enviados», «Rechazados», … */
  async expectFigures(batch: Locator, figures: Record<string, number>): Promise<void> {
    for (const [word, figure] of Object.entries(figures)) {
      const item = batch.locator(".figures__item").filter({ hasText: word });
      await expect(item.getByRole("definition"), word).toHaveText(String(figure), { timeout: 30_000 });
    }
  }

  /** «Ver correos»: the batch's mails. */
  async openMails(batch: Locator): Promise<Locator> {
    await batch.getByRole("button", { name: /^Ver correos/ }).click();
    const list = batch.getByRole("group", { name: /^Correos del envío/ });
    await expect(list).toBeVisible();
    return list;
  }

  /** «Blanquear» or «Borrar No Activados», the year typed to confirm. */
  async erase(action: "Blanquear" | "Borrar No Activados", year: number, gone: RegExp): Promise<void> {
    await this.button(action).click();
    const dialog = this.dialog(`${action} ${year}`);
    await dialog.getByLabel(/^Digite el año/).fill(String(year));
    await this.confirming(() => dialog.getByRole("button", { name: action, exact: true }).click(), this.told(gone));
  }
}
