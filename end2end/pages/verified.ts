import { type Locator, type Page } from "@playwright/test";
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
    await this.row(identification).getByRole("button", { name: new RegExp(`^${action}`) }).click();
    const dialog = this.dialog(`${action} usuario verificado`);
    await dialog.getByLabel("Motivo").fill(reason);
    const done = this.told(action === "Anular" ? "Se anuló el usuario" : "Se eliminó el usuario");
    await this.confirming(() => dialog.getByRole("button", { name: action, exact: true }).click(), done);
  }

  /** «Reactivar», with the mandatory reason. */
  async reactivate(identification: string, reason: string): Promise<void> {
    await this.row(identification).getByRole("button", { name: /^Reactivar/ }).click();
    const dialog = this.dialog("Reactivar usuario verificado");
    await dialog.getByLabel("Motivo").fill(reason);
    const act = dialog.getByRole("button", { name: "Reactivar", exact: true });
    await this.confirming(() => act.click(), this.told("Se reactivó el usuario"));
  }

  /** «Activación detenida por intentos»: what is counted against an identification. */
  async lookUpTries(identification: string): Promise<void> {
    await this.page.getByLabel("Identificación", { exact: true }).fill(identification);
    await this.button("Consultar intentos").click();
  }

  async unlock(reason: string): Promise<void> {
    await this.button("Desbloquear").click();
    const dialog = this.dialog("Desbloquear la activación");
    await dialog.getByLabel("Motivo").selectOption(reason);
    const act = dialog.getByRole("button", { name: "Desbloquear", exact: true });
    await this.confirming(() => act.click(), this.told("puede intentar la activación de nuevo"));
  }

  /** Removes what the manual's test procedure left. */
  async purgeTests(expected: number): Promise<void> {
    await this.button("Purgar pruebas").click();
    const act = this.dialog("Purgar pruebas").getByRole("button", { name: "Purgar pruebas" });
    await this.confirming(() => act.click(), this.told(new RegExp(`^${expected} usuarios? de prueba retirados?`)));
  }
}
