import { ActivationPages } from "../pages/activation.ts";
import { expectAccessible } from "../support/accessible.ts";
import { credentials, read } from "../support/dispatched.ts";
import { QUALIFYING } from "../support/extract.ts";
import { campaignSent } from "../support/prepared.ts";
import { expect, test } from "../support/test.ts";

test.use({ story: "activacion", merchants: 0 });
test.describe.configure({ mode: "serial" });

/** The ways out and the refusals, on a telephone. */
test.describe("a merchant who does not simply activate", () => {
  test.beforeAll(async ({ stage }) => campaignSent(stage));

  test("empty fields are named one by one, and the page says «Error» first", async ({ stage, telephone }) => {
    const pages = new ActivationPages(telephone);
    await pages.open(stage.activation);
    await pages.press("Aceptar y continuar");
    await expect(pages.problem().getByRole("link")).toHaveCount(4);
    await expect(telephone).toHaveTitle(/^Error: /);
    await expectAccessible(telephone);
  });

  test("wrong data get one neutral answer, whichever is wrong", async ({ stage, mailbox, telephone }, info) => {
    const [ana] = QUALIFYING;
    const [sent] = await mailbox.mailsTo(ana!.emailnot);
    const { password } = await read(mailbox, sent!, info);
    const right = credentials(ana!, password);
    const pages = new ActivationPages(telephone);
    const answers = new Set<string>();
    for (const wrong of [{ identification: "99999999" }, { email: "otra@example.com" }]) {
      await pages.open(stage.activation);
      await pages.accept({ ...right, ...wrong });
      await expect(pages.problem()).toBeVisible();
      answers.add(await pages.problem().innerText());
    }
    expect([...answers]).toHaveLength(1);
  });

  test("«Abandonar» ends the request only: the password still activates", async ({
    stage, mailbox, telephone,
  }, info) => {
    const [, jose] = QUALIFYING;
    const [sent] = await mailbox.mailsTo(jose!.emailnot);
    const { password } = await read(mailbox, sent!, info);
    const pages = new ActivationPages(telephone);
    await pages.open(stage.activation);
    await pages.accept(credentials(jose!, password));
    await pages.expectPinScreen();
    await pages.press("Abandonar");
    await expect(telephone.getByRole("heading", { level: 1 })).toHaveText("Solicitud de activación cancelada");
    await expectAccessible(telephone);

    await pages.press("Comenzar de nuevo");
    await pages.accept(credentials(jose!, password));
    await pages.expectPinScreen();
    await pages.confirm(await mailbox.pinFor(jose!.celnot, 2));
    await pages.expectActivated();
  });

  test("«No aceptar y abandonar» with the four right data cancels the password", async ({
    stage, mailbox, telephone,
  }, info) => {
    const maria = QUALIFYING[2]!;
    const [sent] = await mailbox.mailsTo(maria.emailnot);
    const { password } = await read(mailbox, sent!, info);
    const pages = new ActivationPages(telephone);
    await pages.open(stage.activation);
    await pages.refuse(credentials(maria, password));
    await expect(telephone.getByRole("heading", { level: 1 })).toHaveText("Usted salió del proceso");
    await pages.open(stage.activation);
    await pages.accept(credentials(maria, password));
    await expect(pages.problem()).toContainText("No encontramos una clave por activar con esos datos");
  });

  test("three wrong PINs void it, and «Reenviar PIN» waits for its time", async ({
    stage, mailbox, telephone,
  }, info) => {
    const luis = QUALIFYING[3]!;
    const [sent] = await mailbox.mailsTo("comerciante4@example.com");
    const { password } = await read(mailbox, sent!, info);
    const pages = new ActivationPages(telephone);
    await pages.open(stage.activation);
    await pages.accept(credentials(luis, password));
    await pages.expectPinScreen();
    const pin = await mailbox.pinFor(luis.celnot);
    const wrong = pin === "111111" ? "222222" : "111111";
    for (const left of ["Le quedan 2 intentos", "Le queda 1 intento", "El PIN quedó anulado"]) {
      await pages.confirm(wrong);
      await expect(pages.problem()).toContainText(left);
    }
    await pages.confirm(pin);
    await expect(pages.problem()).toContainText("El PIN quedó anulado");
    await expect(telephone.getByRole("button", { name: "Reenviar PIN" })).toHaveAttribute("aria-disabled", "true");
  });
});
