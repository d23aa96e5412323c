import type { Page } from "@playwright/test";
import { ActivationPages } from "../pages/activation.ts";
import { expectAccessible, expectContrast } from "../support/accessible.ts";
import { received } from "../support/dispatched.ts";
import { several } from "../support/extract.ts";
import { hydrated } from "../support/hydrated.ts";
import { campaignSent } from "../support/prepared.ts";
import { expect, test } from "../support/test.ts";

/** What a screen reader finds on the merchant's pages, and what axe finds: light and dark, 360 px. */
const people = several(2, "", 60);

test.use({ story: "nombres", merchants: 0 });
test.describe.configure({ mode: "serial" });
test.beforeAll(async ({ stage }) => campaignSent(stage, people));

async function lookedAt(page: Page): Promise<void> {
  await hydrated(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
  await page.emulateMedia({ colorScheme: "dark" });
  await expectContrast(page);
  await page.emulateMedia({ colorScheme: "light" });
  await expectAccessible(page);
}

test.beforeEach(async ({ telephone }) => telephone.setViewportSize({ width: 360, height: 740 }));

test("the form and its error summary", async ({ stage, telephone }) => {
  const pages = new ActivationPages(telephone, "tap");
  await pages.open(stage.activation);
  await lookedAt(telephone);
  const body = telephone.locator("body");
  await expect(body).toMatchAriaSnapshot(`
    - link "Ir al contenido"
    - banner: Cámara de Comercio de Demostración
    - main:
      - paragraph: Paso 1 de 2
      - heading "Active su clave preasignada" [level=1]
      - link "Ir a escribir mis datos"
      - paragraph: "Apreciado usuario:"
      - form "Sus datos":
        - heading "Sus datos" [level=2]
        - text: Identificación
        - paragraph: Como aparece en el PDF, sin dígito de verificación.
        - textbox "Identificación"
        - textbox "Correo electrónico registrado"
        - textbox "Número celular registrado"
        - textbox "Clave preasignada"
        - button "Mostrar la clave": Mostrar
        - button "Aceptar y continuar"
        - button "No aceptar y abandonar"
    - contentinfo:
      - paragraph: Cámara de Comercio de Demostración
      - link "(604) 000 00 00"
  `);
  await expect(telephone.getByLabel("Identificación")).toHaveAccessibleDescription(/Como aparece en el PDF/);

  await pages.press("Aceptar y continuar");
  await expect(telephone).toHaveTitle("Error: Activación de su clave · Cámara de Comercio de Demostración");
  await lookedAt(telephone);
  await expect(pages.problem()).toMatchAriaSnapshot(`
    - alert "Revise los datos marcados":
      - heading "Revise los datos marcados" [level=2]
      - paragraph: Por seguridad, la clave debe escribirse otra vez.
      - list:
        - listitem:
          - link "Escriba su número de identificación."
        - listitem:
          - link "Escriba el correo electrónico que tiene registrado."
        - listitem:
          - link "Escriba el número celular que tiene registrado."
        - listitem:
          - link "Escriba la clave preasignada que llegó en el PDF."
  `);
  const mail = telephone.getByLabel("Correo electrónico registrado");
  await expect(mail).toHaveAccessibleDescription(/Error: Escriba el correo electrónico que tiene registrado\./);
  await expect(body).toMatchAriaSnapshot(`
    - main:
      - alert "Revise los datos marcados"
      - heading "Active su clave preasignada" [level=1]
      - group: Leer de nuevo la información del servicio
      - form "Sus datos":
        - paragraph: "Error: Escriba el correo electrónico que tiene registrado."
        - textbox "Correo electrónico registrado" [invalid]
  `);
});

test("the PIN's page, its errors and the last page", async ({ stage, mailbox, telephone }, info) => {
  const mine = await received(mailbox, people[0]!, info);
  const pages = new ActivationPages(telephone, "tap");
  await pages.open(stage.activation);
  await pages.accept({ ...mine, password: "ninguna" });
  await expect(pages.problem()).toContainText("No encontramos una clave por activar con esos datos");
  await lookedAt(telephone);
  await expect(pages.problem().getByRole("link", { name: "(604) 000 00 00" })).toHaveAttribute("href", "tel:6040000000");

  await pages.accept(mine);
  await pages.expectPinScreen();
  await lookedAt(telephone);
  await expect(telephone.getByRole("main")).toMatchAriaSnapshot(`
    - main:
      - paragraph: Paso 2 de 2
      - heading "Digite el PIN de activación" [level=1]
      - paragraph:
        - strong: /30. \\*\\*\\* \\*\\*\\d\\d/
      - text: PIN de activación
      - paragraph: /Son 6 números\\. Sirve hasta las/
      - textbox "PIN de activación"
      - button "Activar"
      - button "Abandonar"
      - paragraph: /¿No le llegó el PIN\\? Podrá pedir otro en/
      - button "Reenviar PIN" [disabled]
  `);
  await expect(pages.pin()).toHaveAttribute("autocomplete", "one-time-code");
  await pages.confirm("1");
  await expect(pages.problem()).toContainText("Escriba los 6 números del PIN.");
  await expect(telephone).toHaveTitle(/^Error: PIN de activación/);
  await expect(pages.pin()).toHaveAccessibleDescription(/Error: Escriba los 6 números del PIN\./);
  await lookedAt(telephone);

  await pages.confirm(await mailbox.pinFor(mine.mobile));
  await pages.expectActivated();
  await expect(telephone).toHaveTitle(/^Activación terminada/);
  await lookedAt(telephone);
  await expect(telephone.getByRole("main")).toMatchAriaSnapshot(`
    - main:
      - heading "Su inscripción ha sido activada" [level=1]
      - link "Renovar matrícula mercantil"
      - link "Menú principal"
  `);
});

test("the ways out: left, abandoned, a pause, a fault, no such page", async ({
  stage, mailbox, telephone, watch,
}, info) => {
  watch.allow(/404/);
  const mine = await received(mailbox, people[1]!, info);
  const pages = new ActivationPages(telephone, "tap");
  const help = (page: Page) => page.getByRole("main").getByRole("link", { name: "(604) 000 00 00" });
  await pages.open(stage.activation);
  await pages.press("No aceptar y abandonar");
  await expect(telephone).toHaveURL(/\/salida$/);
  await lookedAt(telephone);
  await expect(help(telephone)).toBeVisible();
  await pages.press("Comenzar de nuevo");
  await pages.accept(mine);
  await pages.expectPinScreen();
  await pages.press("Abandonar");
  await expect(telephone.getByRole("heading", { level: 1 })).toHaveText("Solicitud de activación cancelada");
  await lookedAt(telephone);
  await expect(help(telephone)).toBeVisible();

  const pause = pages.problem().filter({ hasText: "Espere antes de intentarlo de nuevo" });
  await expect(async () => {
    await pages.open(stage.activation);
    await pages.accept({ ...mine, password: "ninguna" });
    await expect(pause).toBeVisible({ timeout: 500 });
  }).toPass();
  await lookedAt(telephone);
  await expect(help(telephone)).toBeVisible();

  for (const [path, heading] of [
    ["/activacion/55/interrumpida", "No pudimos completar el paso"],
    ["/activacion/99", "Esta página no existe"],
  ] as const) {
    await telephone.goto(path);
    await expect(telephone.getByRole("heading", { level: 1 })).toHaveText(heading);
    await lookedAt(telephone);
    await expect(help(telephone)).toBeVisible();
  }
});
