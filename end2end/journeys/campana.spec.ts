import { ActivationPages } from "../pages/activation.ts";
import { CampaignPage } from "../pages/campaign.ts";
import { logIn } from "../pages/login.ts";
import { SyncPage } from "../pages/sync.ts";
import { VerifiedPage } from "../pages/verified.ts";
import { expectAccessible } from "../support/accessible.ts";
import { credentials, read } from "../support/dispatched.ts";
import { EVERYBODY, LEFT_OUT, QUALIFYING, YEAR, extract } from "../support/extract.ts";
import { signatureReport } from "../support/pdf.ts";
import { expect, test } from "../support/test.ts";

test.use({ story: "campana", merchants: 0 });
test.describe.configure({ mode: "serial" });

const TESTER = "pruebas@example.com";
const TESTER_MOBILE = "3009876543";

/** The whole road of the manual: each test takes up where the one before it stopped. */
test.describe("from the registry file to an activated merchant", () => {
  test.beforeEach(async ({ page, stage }) => logIn(page, stage));

  test("staff uploads the extract and sees what was read", async ({ page, stage }) => {
    const sync = new SyncPage(page, stage.password);
    await sync.open();
    await sync.upload("matriculados.csv", extract());
    await sync.expectLoaded();
    await expect(sync.newest()).toContainText("matriculados.csv");
    await expect(sync.newest()).toContainText("Terminada");
    await expect(sync.newest()).toContainText(String(EVERYBODY.length));
    await expectAccessible(page);
  });

  test("the preview says how many qualify and why the others do not", async ({ page, stage }) => {
    const campaign = new CampaignPage(page, stage.password);
    await campaign.open();
    const preview = await campaign.previewSelection();
    await expect(preview).toContainText(`Se seleccionarán ${QUALIFYING.length} comerciantes`);
    await expect(preview).toContainText(`de ${EVERYBODY.length} evaluados`);
    await expect(preview.getByRole("row").filter({ has: page.getByRole("cell", { name: "1", exact: true }) }))
      .toHaveCount(LEFT_OUT.length);
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await expect(preview).toBeHidden();
    await campaign.expectFunnel({ seleccionados: 0 });
  });

  test("selecting pre-assigns a password to each of them, and the export lists them without it", async ({
    page, stage,
  }, info) => {
    const campaign = new CampaignPage(page, stage.password);
    await campaign.open();
    await campaign.select(QUALIFYING.length);
    await campaign.expectFunnel({ registrados: EVERYBODY.length, seleccionados: QUALIFYING.length, enviados: 0 });

    const rows = await campaign.exportRows(info.outputPath("campana.xlsx"));
    expect(rows.map((row) => row["Matrícula"])).toEqual(QUALIFYING.map((m) => m.matricula));
    expect(rows.map((row) => row["Estado"])).toEqual(QUALIFYING.map(() => "pendiente"));
    expect(rows[0]).toMatchObject({
      Identificación: "71200301", Correo: "comerciante1@example.com", Celular: "3001234001",
    });
    expect(Object.keys(rows[0] ?? {}).filter((heading) => /clave|contrase/i.test(heading))).toEqual([]);
  });

  test("an e-mail at «Enviar» gets two tests, and PRUEBA2247@ walks the whole activation", async ({
    page, stage, mailbox, telephone,
  }, info) => {
    const campaign = new CampaignPage(page, stage.password);
    await campaign.open();
    await campaign.send(TESTER, campaign.finishedBatch(2));
    await campaign.expectFunnel({ enviados: 0 });
    const mails = await mailbox.mailsTo(TESTER, 2);
    expect(mails).toHaveLength(2);

    const mail = await read(mailbox, mails[0]!, info);
    const merchant = new ActivationPages(telephone);
    await merchant.open(mail.link);
    await expectAccessible(telephone);
    await merchant.accept({
      identification: "PRUEBA2247@", email: TESTER, mobile: TESTER_MOBILE, password: mail.password,
    });
    await merchant.expectPinScreen();
    await merchant.confirm(await mailbox.pinFor(TESTER_MOBILE));
    await merchant.expectActivated();
  });

  test("the traces of the test are purged and the table is blanked", async ({ page, stage }) => {
    const verified = new VerifiedPage(page, stage.password);
    await verified.open();
    await expect(verified.row("PRUEBA2247@")).toBeVisible();
    await verified.purgeTests(1);
    await expect(verified.row("PRUEBA2247@")).toBeHidden();

    const campaign = new CampaignPage(page, stage.password);
    await campaign.open();
    await campaign.erase("Blanquear", YEAR, /eliminadas y 0 conservadas/);
    await campaign.expectFunnel({ seleccionados: 0 });
  });

  test("selected again, the first three are sent", async ({ page, stage, mailbox }, info) => {
    const campaign = new CampaignPage(page, stage.password);
    await campaign.open();
    await campaign.select(QUALIFYING.length);
    await campaign.send("3", campaign.finishedBatch(3));
    await campaign.expectFunnel({ seleccionados: QUALIFYING.length, enviados: 3, activados: 0 });
    for (const merchant of QUALIFYING.slice(0, 3)) await mailbox.mailsTo(merchant.emailnot);

    const rows = await campaign.exportRows(info.outputPath("enviados.xlsx"));
    expect(rows.map((row) => row["Estado"])).toEqual([
      "enviado", "enviado", "enviado", "pendiente", "pendiente", "pendiente",
    ]);
  });

  test("a merchant activates on the telephone with the password of the signed PDF and the PIN", async ({
    stage, mailbox, telephone,
  }, info) => {
    const [ana] = QUALIFYING;
    const [sent] = await mailbox.mailsTo(ana!.emailnot);
    const mail = await read(mailbox, sent!, info);
    expect(mail.link).toBe(stage.activation);
    expect(mail.text).toContain(ana!.numid);
    const report = await signatureReport(mail.pdf);
    expect(report).toContain("Signature is Valid");
    expect(report).toContain("Total document signed");

    const pages = new ActivationPages(telephone);
    await pages.open(mail.link);
    await pages.accept(credentials(ana!, mail.password));
    await pages.expectPinScreen();
    await expectAccessible(telephone);
    await pages.confirm(await mailbox.pinFor(ana!.celnot));
    await pages.expectActivated();
    await expectAccessible(telephone);
    // The pre-assigned password came first, the confirmation is the second mail.
    await mailbox.mailsTo(ana!.emailnot, 2);
  });

  test("another one does the same with JavaScript switched off", async ({ mailbox, plainTelephone }, info) => {
    const [, jose] = QUALIFYING;
    const [sent] = await mailbox.mailsTo(jose!.emailnot);
    const mail = await read(mailbox, sent!, info);
    const pages = new ActivationPages(plainTelephone);
    await pages.open(mail.link);
    await pages.accept({ ...credentials(jose!, mail.password), password: "wrong23456" });
    await expect(pages.problem()).toContainText("No encontramos una clave por activar con esos datos");
    await expect(plainTelephone.getByLabel("Identificación")).toHaveValue(jose!.numid);
    await expect(plainTelephone.getByLabel("Clave preasignada", { exact: true })).toHaveValue("");

    await pages.accept(credentials(jose!, mail.password));
    await pages.expectPinScreen();
    await pages.confirm(await mailbox.pinFor(jose!.celnot));
    await pages.expectActivated();
    await mailbox.mailsTo(jose!.emailnot, 2);
  });

  test("the merchant stands as a verified user, and can be annulled with a reason", async ({ page, stage }) => {
    const [ana] = QUALIFYING;
    const verified = new VerifiedPage(page, stage.password);
    await verified.open();
    await expect(verified.row(ana!.numid)).toContainText("Vigente");
    await expectAccessible(page);
    await verified.end("Anular", ana!.numid, "Solicitud escrita del comerciante");
    await verified.open();
    await expect(verified.row(ana!.numid)).toContainText("Anulado");
  });

  test("«Borrar No Activados» keeps the activated ones", async ({ page, stage }) => {
    const campaign = new CampaignPage(page, stage.password);
    await campaign.open();
    await campaign.erase("Borrar No Activados", YEAR, /4 contraseñas eliminadas y 2 conservadas/);
    await campaign.expectFunnel({ seleccionados: 2, activados: 2 });
  });
});
