import { ActivationPages } from "../pages/activation.ts";
import { logIn } from "../pages/login.ts";
import { VerifiedPage } from "../pages/verified.ts";
import { expectAccessible } from "../support/accessible.ts";
import { credentials, read } from "../support/dispatched.ts";
import { QUALIFYING } from "../support/extract.ts";
import { campaignSent } from "../support/prepared.ts";
import { expect, test } from "../support/test.ts";

test.use({ story: "no-fui-yo", merchants: 0 });
test.describe.configure({ mode: "serial" });

const [ana, jose] = QUALIFYING;

/** Somebody activated, and the owner of the mailbox knows nothing of it. */
test.describe("«no fui yo»", () => {
  test.beforeAll(async ({ stage }) => campaignSent(stage));

  test("the confirmation's link freezes the key with one button, and says so on the way back too", async ({
    stage, mailbox, telephone, watch,
  }, info) => {
    const [sent] = await mailbox.mailsTo(ana!.emailnot);
    const { password } = await read(mailbox, sent!, info);
    const pages = new ActivationPages(telephone);
    await pages.open(stage.activation);
    await pages.accept(credentials(ana!, password));
    await pages.expectPinScreen();
    await pages.confirm(await mailbox.pinFor(ana!.celnot));
    await pages.expectActivated();

    const [confirmation] = await mailbox.mailsTo(ana!.emailnot, 2);
    const link = await mailbox.disownLink(confirmation!);
    await telephone.goto(link);
    await expect(telephone.getByRole("heading", { level: 1 })).toHaveText("¿No fue usted quien activó la clave?");
    await expect(telephone.getByRole("main")).not.toContainText(ana!.numid);
    await expectAccessible(telephone);
    await telephone.reload();
    await telephone.getByRole("button", { name: "No fui yo: suspender la clave" }).click();
    await expect(telephone.getByRole("heading", { level: 1 })).toHaveText("La clave quedó suspendida");
    await expectAccessible(telephone);
    await telephone.reload();
    await expect(telephone.getByRole("heading", { level: 1 })).toHaveText("La clave quedó suspendida");

    watch.allow(/no-fui-yo.*404/);
    await telephone.goto(`${link.slice(0, -1)}${link.endsWith("0") ? "1" : "0"}`);
    await expect(telephone.getByRole("heading", { level: 1 })).toHaveText("Este enlace no sirve");
    await expectAccessible(telephone);
  });

  test("the same with JavaScript switched off", async ({ stage, mailbox, plainTelephone }, info) => {
    const [sent] = await mailbox.mailsTo(jose!.emailnot);
    const { password } = await read(mailbox, sent!, info);
    const pages = new ActivationPages(plainTelephone);
    await pages.open(stage.activation);
    await pages.accept(credentials(jose!, password));
    await pages.confirm(await mailbox.pinFor(jose!.celnot));
    await pages.expectActivated();
    const [confirmation] = await mailbox.mailsTo(jose!.emailnot, 2);
    await plainTelephone.goto(await mailbox.disownLink(confirmation!));
    await plainTelephone.getByRole("button", { name: "No fui yo: suspender la clave" }).click();
    await expect(plainTelephone.getByRole("heading", { level: 1 })).toHaveText("La clave quedó suspendida");
  });

  test("staff are told, see who waits for them, and put one back in force", async ({ page, stage, mailbox }) => {
    const notices = await mailbox.mailsTo("Por revisar", 2);
    expect(notices).toHaveLength(2);

    await logIn(page, stage);
    await page.getByRole("navigation", { name: "Menú principal" }).getByRole("link", { name: "2 usuarios por revisar" })
      .click();
    const verified = new VerifiedPage(page, stage.password);
    await expect(page).toHaveURL(/estado=revisar/);
    await expect(verified.row(ana!.numid)).toContainText("Por revisar: «no fui yo»");
    for (const width of [768, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await expectAccessible(page);
    }
    await verified.reactivate(ana!.numid, "El titular compareció en la sede");
    await expect(verified.row(ana!.numid)).toBeHidden();
    await verified.open();
    await expect(verified.row(ana!.numid)).toContainText("Vigente");
    await expect(verified.row(ana!.numid)).toContainText("Suspendido por «no fui yo»");
    await verified.end("Anular", jose!.numid, "Otra persona activó la clave");
    await expect(page.getByRole("link", { name: /por revisar/ })).toHaveCount(0);
  });

  test("staff see a merchant's tries and let him try again", async ({ page, stage, telephone }) => {
    const maria = QUALIFYING[2]!;
    const pages = new ActivationPages(telephone);
    await pages.open(stage.activation);
    for (let wrong = 0; wrong < 4; wrong++) await pages.accept(credentials(maria, "wrong23456"));
    await expect(pages.problem()).toBeVisible();

    await logIn(page, stage);
    const verified = new VerifiedPage(page, stage.password);
    await verified.open();
    await verified.lookUpTries(maria.numid);
    await expect(verified.told("4 intentos errados")).toBeVisible();
    await expectAccessible(page);
    await verified.unlock("El titular llamó y se comprobó su identidad");
    await verified.lookUpTries(maria.numid);
    await expect(verified.told("Sin intentos errados")).toBeVisible();
    expect(page.url()).not.toContain(maria.numid);
  });
});
