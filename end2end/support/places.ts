/** Every page that can be opened by its address, with the name of its picture in the manual. */
export const PUBLIC_PLACES = [
  { path: "/", picture: "inicio" },
  { path: "/activacion/55", picture: "activacion" },
  { path: "/verificar", picture: "verificar" },
  { path: "/buzon", picture: "buzon" },
  { path: "/consola/ingresar", picture: "ingreso" },
] as const;

export const CONSOLE_PLACES = [
  { path: "/consola", picture: "campana" },
  { path: "/consola/sincronizacion", picture: "sincronizacion" },
  { path: "/consola/contrasenas", picture: "contrasenas" },
  { path: "/consola/devueltos", picture: "devueltos" },
  { path: "/consola/usuarios-verificados", picture: "usuarios-verificados" },
  { path: "/consola/auditoria", picture: "auditoria" },
] as const;

/** The dialogs on the campaign's page. */
export const DIALOGS = [
  { button: "Seleccionar", picture: "seleccionar" },
  { button: "Probar conexión", picture: "probar-conexion" },
  { button: "Enviar", picture: "enviar" },
  { button: "Blanquear", picture: "blanquear" },
  { button: "Borrar No Activados", picture: "borrar-no-activados" },
] as const;
