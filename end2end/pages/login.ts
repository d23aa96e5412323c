import { type Page, expect } from "@playwright/test";
import { hydrated } from "../support/hydrated.ts";
import type { Stage } from "../support/stage.ts";

/** `/consola/ingresar`. */
export class LoginPage {
  constructor(readonly page: Page) {}

  async open(): Promise<void> {
    await this.page.goto("/consola/ingresar");
  }

  async enter(user: string, password: string): Promise<void> {
    await this.page.getByLabel("Usuario").fill(user);
    await this.page.getByLabel("Clave", { exact: true }).fill(password);
    await this.page.getByRole("button", { name: "Ingresar" }).click();
  }
}

/** Logs in as the demo's staff user; ends on the campaign's page. */
export async function logIn(page: Page, stage: Stage): Promise<void> {
  const login = new LoginPage(page);
  await login.open();
  await login.enter(stage.user, stage.password);
  await expect(page).toHaveURL(/\/consola$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Generador de Contraseñas Seguras");
  await hydrated(page);
}
