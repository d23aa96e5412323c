import type { Page } from "@playwright/test";
import { ActivationPages } from "../pages/activation.ts";
import { received } from "../support/dispatched.ts";
import { several } from "../support/extract.ts";
import { hydrated } from "../support/hydrated.ts";
import { campaignSent } from "../support/prepared.ts";
import { expect, test } from "../support/test.ts";

/** What the small client adds to the merchant's pages, and that nothing is missing without it. */
const people = several(6);

test.use({ story: "comodidad", merchants: 0 });
test.describe.configure({ mode: "serial" });
test.beforeAll(async ({ stage }) => campaignSent(stage, people));

test("«Mostrar» is there only when it works, and the password never leaves in clear", async ({
  stage, telephone, plainTelephone,
}) => {
  await plainTelephone.goto(stage.activation);
  await expect(plainTelephone.getByRole("button", { name: "Mostrar la clave" })).toBeHidden();

  const pages = new ActivationPages(telephone, "tap");
  await pages.open(stage.activation);
  await hydrated(telephone);
  const password = telephone.getByLabel("Clave preasignada", { exact: true });
  await password.fill("abcDEF2345");
  await telephone.getByRole("button", { name: "Mostrar la clave" }).tap();
  await expect(password).toHaveAttribute("type", "text");
  await expect(telephone.getByRole("button", { name: "Ocultar la clave" })).toHaveText("Ocultar", { useInnerText: true });
  const leaving = telephone.evaluate(() => new Promise((told) => {
    document.querySelector("form")!.addEventListener("submit", (event) => {
      event.preventDefault();
      told((document.querySelector("#clave") as HTMLInputElement).type);
    });
  }));
  await pages.press("Aceptar y continuar");
  expect(await leaving).toBe("password");
});

test("a field is checked when it is left, in the words of the server", async ({ stage, telephone }) => {
  const pages = new ActivationPages(telephone, "tap");
  await pages.open(stage.activation);
  await hydrated(telephone);
  const said = new Map<string, string>();
  for (const [label, id, wrong, right] of [
    ["Identificación", "identificacion", "0", "71.200.330"],
    ["Correo electrónico registrado", "correo", "ana@", "ana@example.com"],
    ["Número celular registrado", "celular", "6041234567", "+57 300 123-4567"],
  ] as const) {
    const field = telephone.getByLabel(label);
    await field.tap();
    await field.blur();
    await expect(field, "an empty field is left in peace").not.toHaveAttribute("aria-invalid");
    await field.fill(wrong);
    await field.blur();
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await expect(field).toHaveAccessibleDescription(/Revise/);
    said.set(id, (await telephone.locator(`#${id}-error [data-palabras]`).textContent())!);
    await field.fill(right);
    await field.blur();
    await expect(field).not.toHaveAttribute("aria-invalid");
    await expect(field).not.toHaveAccessibleDescription(/Error/);
    await field.fill(wrong);
  }
  await pages.press("Aceptar y continuar");
  await expect(pages.problem()).toBeFocused();
  for (const [id, words] of said) {
    await expect(pages.problem().locator(`a[href="#${id}"]`)).toHaveText(words);
    await expect(telephone.locator(`#${id}-error`)).toHaveText(`Error: ${words}`);
  }
  await pages.problem().getByRole("link").nth(1).tap();
  await expect(telephone.getByLabel("Correo electrónico registrado")).toBeFocused();
});

/** Pastes by the clipboard, as a thumb would. */
async function paste(page: Page, text: string): Promise<void> {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate((words) => navigator.clipboard.writeText(words), text);
  await page.keyboard.press("Control+V");
}

test("a pasted PIN loses its blanks, a pasted message leaves its PIN", async ({ stage, mailbox, telephone }, info) => {
  const mine = await received(mailbox, people[0]!, info);
  const pages = new ActivationPages(telephone, "tap");
  await pages.open(stage.activation);
  await pages.accept(mine);
  await pages.expectPinScreen();
  await hydrated(telephone);
  for (const [text, left] of [
    [" 123 456\n", "123456"],
    ["Utilice el PIN 654321 para activar su clave.\n\n@camara.example #654321", "654321"],
    ["12a456", "12a456"],
  ] as const) {
    await pages.pin().fill("");
    await pages.pin().focus();
    await paste(telephone, text);
    await expect(pages.pin()).toHaveValue(left);
  }
  await pages.pin().fill("");
  await paste(telephone, (await mailbox.pinFor(mine.mobile)).replace(/^(...)/, "$1 "));
  await telephone.keyboard.press("Enter");
  await pages.expectActivated();
});

test("where the browser reads the SMS, the PIN is filled in and nothing else is done", async ({
  stage, mailbox, telephone,
}, info) => {
  await telephone.addInitScript(() => {
    Object.defineProperty(window, "OTPCredential", { value: class {} });
    let hand: (credential: unknown) => void;
    const credentials = {
      get: (options: unknown) => {
        Object.assign(window, { asked: options });
        return new Promise((done) => (hand = done));
      },
    };
    Object.defineProperty(navigator, "credentials", { value: credentials });
    Object.assign(window, { smsCame: (code: string) => hand({ code }) });
  });
  const mine = await received(mailbox, people[1]!, info);
  const pages = new ActivationPages(telephone, "tap");
  await pages.open(stage.activation);
  await pages.accept(mine);
  await pages.expectPinScreen();
  await hydrated(telephone);
  const asked = await telephone.evaluate(() => JSON.stringify((window as unknown as { asked: object }).asked));
  expect(JSON.parse(asked)).toMatchObject({ otp: { transport: ["sms"] } });
  await telephone.evaluate(() => (window as unknown as { smsCame: (code: string) => void }).smsCame("123456"));
  await expect(pages.pin()).toHaveValue("123456");
  await pages.expectPinScreen();
  await pages.confirm(await mailbox.pinFor(mine.mobile));
  await pages.expectActivated();
});

test("«Reenviar PIN» counts down by the clock, is heard once, and is held back until then", async ({
  stage, mailbox, telephone,
}, info) => {
  const mine = await received(mailbox, people[2]!, info);
  const pages = new ActivationPages(telephone, "tap");
  await pages.open(stage.activation);
  await telephone.clock.install();
  await pages.accept(mine);
  await pages.expectPinScreen();
  await hydrated(telephone);
  const button = telephone.getByRole("button", { name: "Reenviar PIN" });
  const heard = telephone.locator("[aria-live=polite][data-espera-voz]");
  await expect(button).toHaveAttribute("aria-disabled", "true");
  await expect(button).toHaveAccessibleDescription(/Podrá pedir otro en 0:[45]\d\./);
  await expect(heard).toBeEmpty();
  const sent: string[] = [];
  telephone.on("request", (request) => request.method() === "POST" && sent.push(request.url()));
  await button.tap({ force: true });
  // A telephone that slept: time jumps, no tick was counted.
  await telephone.clock.fastForward(30_000);
  await expect(button).toHaveAccessibleDescription(/Podrá pedir otro en 0:[12]\d\./);
  await telephone.clock.fastForward(31_000);
  await expect(heard).toHaveText("Ya puede pedir otro PIN.");
  await expect(button).not.toHaveAttribute("aria-disabled");
  expect(sent, "nothing was asked for while it was held back").toEqual([]);
  await button.tap();
  await expect.poll(() => sent.length).toBe(1);
  await pages.expectPinScreen();
});

/** Presses Tab until that element has the focus. */
async function tabTo(page: Page, name: string, focused: () => Promise<boolean>): Promise<void> {
  for (let presses = 0; presses < 12; presses++) {
    await page.keyboard.press("Tab");
    if (await focused()) return;
  }
  throw new Error(`the keyboard does not reach ${name}`);
}

test("the whole road by keyboard alone, its focus always visible", async ({ stage, mailbox, page }, info) => {
  const mine = await received(mailbox, people[3]!, info);
  const pages = new ActivationPages(page);
  const focusOn = (id: string) => () => page.evaluate((known) => document.activeElement?.id === known, id);
  const focusOnText = (text: string) => async () => (await page.evaluate(() => document.activeElement?.textContent)) === text;
  const type = async (id: string, text: string) => {
    await tabTo(page, id, focusOn(id));
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle);
    expect(outline, `the focus on ${id}`).not.toBe("none");
    await page.keyboard.type(text);
  };
  await pages.open(stage.activation);
  await hydrated(page);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Ir al contenido" })).toBeFocused();
  await page.keyboard.press("Enter");
  await type("identificacion", mine.identification);
  await type("correo", mine.email);
  await type("celular", mine.mobile);
  await type("clave", mine.password);
  await tabTo(page, "Mostrar", async () => (await page.evaluate(() => document.activeElement?.ariaLabel)) === "Mostrar la clave");
  await page.keyboard.press("Space");
  await expect(page.getByLabel("Clave preasignada", { exact: true })).toHaveAttribute("type", "text");
  await tabTo(page, "Aceptar", focusOnText("Aceptar y continuar"));
  await page.keyboard.press("Enter");
  await pages.expectPinScreen();

  await hydrated(page);
  await type("pin", "1");
  await page.keyboard.press("Enter");
  await expect(pages.problem()).toBeFocused();
  await tabTo(page, "the summary's link", focusOnText("Escriba los 6 números del PIN."));
  await page.keyboard.press("Enter");
  await expect(pages.pin()).toBeFocused();
  await page.keyboard.type(await mailbox.pinFor(mine.mobile));
  await page.keyboard.press("Enter");
  await pages.expectActivated();
  await tabTo(page, "Renovar", focusOnText("Renovar matrícula mercantil"));
});
