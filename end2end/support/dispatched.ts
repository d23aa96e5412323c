import type { TestInfo } from "@playwright/test";
import type { Credentials } from "../pages/activation.ts";
import type { Merchant } from "./extract.ts";
import type { Mail, Mailbox } from "./mailbox.ts";
import { passwordIn, pdfText } from "./pdf.ts";

/** What a merchant learns from the mail: the link, and the password in the PDF. */
export interface Dispatched {
  link: string;
  password: string;
  text: string;
  pdf: string;
}

/** Reads a mail as its recipient would. */
export async function read(mailbox: Mailbox, mail: Mail, info: TestInfo): Promise<Dispatched> {
  const link = await mailbox.activationLink(mail);
  const pdf = info.outputPath(`clave-${mail.address.split("/").at(-1)}.pdf`);
  const text = await pdfText(await mailbox.attachment(mail), pdf);
  return { link, password: passwordIn(text), text, pdf };
}

/** What a merchant has at hand: the registry's data, and the password of the newest mail. */
export async function received(mailbox: Mailbox, merchant: Merchant, info: TestInfo): Promise<Credentials> {
  const [sent] = await mailbox.mailsTo(merchant.emailnot);
  const { password } = await read(mailbox, sent!, info);
  return credentials(merchant, password);
}

/** What this merchant types: the registry's data and the password of the PDF. */
export function credentials(merchant: Merchant, password: string): Credentials {
  return {
    identification: merchant.numid,
    email: merchant.emailnot || merchant.emailcom || "",
    mobile: merchant.celnot || merchant.telcom1 || "",
    password,
  };
}
