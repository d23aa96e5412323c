import { type Locator, type Page, expect } from "@playwright/test";
import { ConsolePage } from "./console.ts";

/** `/consola/usuarios-verificados`. */
export class VerifiedPage extends ConsolePage {
  constructor(page: Page, staffPassword: string) {
    super(page, "/consola/usuarios-verificados", staffPassword);
  }

  row(identification: string): Locator {
    return this.page.getByRole("row").filter({ hasText: identification });
  }

  /** «Anular» or «Eliminar», with the mandatory reason. */
  async end(action: "Anular" | "Eliminar", identification: string, reason: string): Promise<void> {
    await this.row(identification).getByRole("button", { name: action }).click();
    const dialog = this.dialog();
    await dialog.getByLabel(/motivo/i).fill(reason);
    const word = action === "Anular" ? /Anulado/ : /Eliminado|eliminó/;
    const done = this.row(identification).filter({ hasText: word }).or(this.notice(word));
    await this.confirming(() => dialog.getByRole("button", { name: new RegExp(`^${action}`) }).click(), done);
  }

  /** Removes what the manual's test procedure left. */
  async purgeTests(expected: number): Promise<void> {
    await this.button(/pruebas/i).click();
    const dialog = this.dialog();
    await expect(dialog).toBeVisible();
    const done = this.notice(new RegExp(`\\b${expected}\\b`));
    await this.confirming(() => dialog.getByRole("button", { name: /^(Purgar|Eliminar|Borrar)/ }).click(), done);
  }
}
