//! What can be typed.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand};

/// How help is laid out, in Spanish.
const TEMPLATE: &str = "{about}\n\nUso: {usage}\n\n{all-args}";

/// Clave Segura: contraseñas preasignadas para los comerciantes de una cámara de comercio.
#[derive(Parser)]
#[command(
    name = "clave-segura",
    version,
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true,
    help_template = TEMPLATE,
    subcommand_help_heading = "Órdenes",
    subcommand_value_name = "ORDEN",
    next_help_heading = "Opciones"
)]
pub(super) struct Cli {
    /// Muestra esta ayuda
    #[arg(short = 'h', long = "help", visible_alias = "ayuda", global = true, action = ArgAction::Help)]
    help: Option<bool>,
    /// Muestra la versión
    #[arg(short = 'V', long, action = ArgAction::Version)]
    version: Option<bool>,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
#[command(help_template = TEMPLATE)]
pub(super) enum Command {
    /// Atiende la consola y la activación
    Servir,
    /// Pone al día el esquema de la base de datos
    Migrar,
    /// Muestra todas las faltas de la configuración, con archivo, variable y remedio
    RevisarConfig,
    /// Lee un extracto del registro mercantil
    Sincronizar(SyncArgs),
    /// Selecciona los comerciantes que cumplen y les preasigna una contraseña
    Seleccionar(SelectArgs),
    /// Exporta a Excel la relación de comerciantes (sin contraseñas)
    Exportar(ExportArgs),
    /// Envía correos de prueba o los primeros N pendientes
    Enviar(SendArgs),
    /// Prueba el servidor de correo de la cámara paso a paso, sin enviar nada
    ProbarCorreo(ProbeArgs),
    /// Envía un SMS de prueba por cada proveedor de la cámara y dice qué revisar
    ProbarSms(SmsProbeArgs),
    /// Escribe un documento de muestra, para ver cómo queda el que reciben los comerciantes
    DocumentoMuestra(SampleArgs),
    /// Lee una vez los avisos de correos devueltos
    Rebotes(BouncesArgs),
    /// Borra todas las contraseñas preasignadas del año
    Blanquear(DeleteArgs),
    /// Borra las contraseñas preasignadas del año que no se han activado
    BorrarNoActivados(DeleteArgs),
    /// Administra los funcionarios que ingresan a la consola
    #[command(subcommand)]
    Usuario(UserCommand),
    /// Atiende casos de un comerciante
    #[command(subcommand)]
    Comerciante(MerchantCommand),
    /// Administra los sistemas que piden firmas
    #[command(subcommand)]
    Sistema(SystemCommand),
    /// Comprueba y exporta la auditoría
    #[command(subcommand)]
    Auditoria(AuditCommand),
    /// Exporta o borra los datos de una persona (Ley 1581 de 2012)
    #[command(subcommand)]
    Datos(PersonCommand),
    /// Administra las llaves de la clave maestra
    #[command(subcommand)]
    Claves(KeyCommand),
    /// Prepara una demostración con comerciantes inventados
    Demo(DemoArgs),
}

#[derive(Args)]
#[command(next_help_heading = "Opciones", help_template = TEMPLATE)]
pub(super) struct SyncArgs {
    /// Código de la cámara (dos dígitos)
    #[arg(long)]
    pub camara: String,
    /// Archivo del extracto
    #[arg(long, value_name = "ARCHIVO")]
    pub archivo: PathBuf,
    /// Acepta las filas legibles aunque haya rechazadas
    #[arg(long)]
    pub parcial: bool,
    /// Codificación: utf-8, windows-1252 o cp850 (si no se indica, se detecta)
    #[arg(long, value_name = "NOMBRE")]
    pub codificacion: Option<String>,
    /// Separador: «,», «;», «|» o «tab» (si no se indica, se detecta)
    #[arg(long, value_name = "SEPARADOR")]
    pub separador: Option<String>,
    /// Archivo para las filas rechazadas (si no se indica: ARCHIVO.rechazos.csv)
    #[arg(long, value_name = "ARCHIVO")]
    pub rechazos: Option<PathBuf>,
    /// Escribe el resultado en JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
#[command(next_help_heading = "Opciones", help_template = TEMPLATE)]
pub(super) struct SelectArgs {
    /// Código de la cámara (dos dígitos)
    #[arg(long)]
    pub camara: String,
    /// Año en proceso (si no se indica, el actual)
    #[arg(long, visible_alias = "año")]
    pub ano: Option<String>,
    /// Muestra lo que haría, sin cambiar nada
    #[arg(long)]
    pub simular: bool,
    /// Escribe el resultado en JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
#[command(next_help_heading = "Opciones", help_template = TEMPLATE)]
pub(super) struct ExportArgs {
    /// Código de la cámara (dos dígitos)
    #[arg(long)]
    pub camara: String,
    /// Año en proceso (si no se indica, el actual)
    #[arg(long, visible_alias = "año")]
    pub ano: Option<String>,
    /// Archivo .xlsx que se escribe
    #[arg(long, value_name = "ARCHIVO.xlsx")]
    pub salida: PathBuf,
    /// Escribe el resultado en JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
#[command(next_help_heading = "Opciones", help_template = TEMPLATE)]
pub(super) struct SendArgs {
    /// Código de la cámara (dos dígitos)
    #[arg(long)]
    pub camara: String,
    /// Año en proceso (si no se indica, el actual)
    #[arg(long, visible_alias = "año")]
    pub ano: Option<String>,
    /// Envía 2 correos de prueba a esta dirección
    #[arg(
        long,
        value_name = "CORREO",
        allow_hyphen_values = true,
        required_unless_present = "cantidad",
        conflicts_with = "cantidad"
    )]
    pub prueba: Option<String>,
    /// Envía los primeros N pendientes (1 a 500)
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub cantidad: Option<String>,
    /// Escribe el resultado en JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
#[command(next_help_heading = "Opciones", help_template = TEMPLATE)]
pub(super) struct ProbeArgs {
    /// Código de la cámara (dos dígitos)
    #[arg(long)]
    pub camara: String,
    /// Escribe el resultado en JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
#[command(next_help_heading = "Opciones", help_template = TEMPLATE)]
pub(super) struct SmsProbeArgs {
    /// Código de la cámara (dos dígitos)
    #[arg(long)]
    pub camara: String,
    /// Celular que recibe la prueba
    #[arg(long)]
    pub celular: String,
    /// Escribe el resultado en JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
#[command(next_help_heading = "Opciones", help_template = TEMPLATE)]
pub(super) struct BouncesArgs {
    /// Código de la cámara (dos dígitos)
    #[arg(long)]
    pub camara: String,
    /// Carpeta con los avisos (si no se indica, la carpeta o el buzón de REBOTES_*)
    #[arg(long, value_name = "RUTA")]
    pub carpeta: Option<PathBuf>,
    /// Escribe el resultado en JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
#[command(next_help_heading = "Opciones", help_template = TEMPLATE)]
pub(super) struct DeleteArgs {
    /// Código de la cámara (dos dígitos)
    #[arg(long)]
    pub camara: String,
    /// Año en proceso
    #[arg(long, visible_alias = "año")]
    pub ano: String,
    /// El mismo año, para confirmar
    #[arg(long, value_name = "AÑO")]
    pub confirmar: String,
    /// Escribe el resultado en JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Subcommand)]
#[command(help_template = TEMPLATE, subcommand_help_heading = "Órdenes", subcommand_value_name = "ORDEN")]
pub(super) enum UserCommand {
    /// Crea un funcionario; la clave se genera y se muestra una vez, o se lee de la entrada estándar
    Crear {
        /// Código de la cámara (dos dígitos)
        #[arg(long)]
        camara: String,
        /// Nombre de usuario
        #[arg(long)]
        usuario: String,
        /// Nombre de la persona
        #[arg(long)]
        nombre: Option<String>,
        /// operador, supervisor o auditor
        #[arg(long, default_value = "operador")]
        rol: String,
        /// Lee la clave (12 caracteres o más) de la primera línea de la entrada estándar
        #[arg(long)]
        clave_por_entrada: bool,
        /// Escribe el resultado en JSON
        #[arg(long)]
        json: bool,
    },
    /// Muestra los funcionarios
    Listar {
        /// Código de la cámara (dos dígitos)
        #[arg(long)]
        camara: String,
        /// Escribe el resultado en JSON
        #[arg(long)]
        json: bool,
    },
    /// Impide el ingreso de un funcionario y cierra sus sesiones
    Desactivar(UserArgs),
    /// Cambia la clave de un funcionario y cierra sus sesiones; se genera y se muestra una vez, o se lee de la
    /// entrada estándar
    Clave {
        #[command(flatten)]
        user: UserArgs,
        /// Lee la clave (12 caracteres o más) de la primera línea de la entrada estándar
        #[arg(long)]
        clave_por_entrada: bool,
    },
    /// Cambia el rol de un funcionario y cierra sus sesiones
    Rol {
        #[command(flatten)]
        user: UserArgs,
        /// operador, supervisor o auditor
        #[arg(long)]
        rol: String,
    },
    /// Retira el segundo factor de un funcionario que perdió su teléfono y sus códigos, y cierra sus sesiones
    SinSegundoFactor(UserArgs),
}

#[derive(Args)]
#[command(next_help_heading = "Opciones", help_template = TEMPLATE)]
pub(super) struct UserArgs {
    /// Código de la cámara (dos dígitos)
    #[arg(long)]
    pub camara: String,
    /// Nombre de usuario
    #[arg(long)]
    pub usuario: String,
}

#[derive(Subcommand)]
#[command(help_template = TEMPLATE, subcommand_help_heading = "Órdenes", subcommand_value_name = "ORDEN")]
pub(super) enum MerchantCommand {
    /// Desbloquea una identificación detenida por demasiados intentos
    Desbloquear {
        /// Código de la cámara (dos dígitos)
        #[arg(long)]
        camara: String,
        /// Identificación del comerciante
        #[arg(long)]
        identificacion: String,
    },
}

#[derive(Subcommand)]
#[command(help_template = TEMPLATE, subcommand_help_heading = "Órdenes", subcommand_value_name = "ORDEN")]
pub(super) enum SystemCommand {
    /// Crea un sistema; su clave se muestra solo esta vez
    Crear {
        /// Código de la cámara (dos dígitos)
        #[arg(long)]
        camara: String,
        /// Nombre con el que el sistema queda en los registros firmados
        #[arg(long)]
        nombre: String,
        /// Escribe el resultado en JSON
        #[arg(long)]
        json: bool,
    },
    /// Muestra los sistemas, sin sus claves
    Listar {
        /// Código de la cámara (dos dígitos)
        #[arg(long)]
        camara: String,
        /// Escribe el resultado en JSON
        #[arg(long)]
        json: bool,
    },
    /// Deja sin efecto la clave de un sistema, de inmediato y para siempre
    Desactivar {
        /// Código de la cámara (dos dígitos)
        #[arg(long)]
        camara: String,
        /// Número del sistema
        #[arg(long, value_name = "NÚMERO")]
        id: i64,
    },
}

#[derive(Subcommand)]
#[command(help_template = TEMPLATE, subcommand_help_heading = "Órdenes", subcommand_value_name = "ORDEN")]
pub(super) enum AuditCommand {
    /// Recorre la cadena de cada cámara y sus sellos diarios, y dice la primera falla
    Verificar {
        /// Código de la cámara (si no se indica, todas)
        #[arg(long)]
        camara: Option<String>,
        /// Escribe el resultado en JSON
        #[arg(long)]
        json: bool,
    },
    /// Escribe toda la auditoría de una cámara, con sus sellos, para quien la quiera comprobar
    Exportar {
        /// Código de la cámara (dos dígitos)
        #[arg(long)]
        camara: String,
        /// Archivo .jsonl que se escribe
        #[arg(long, value_name = "ARCHIVO.jsonl")]
        salida: PathBuf,
    },
}

#[derive(Subcommand)]
#[command(help_template = TEMPLATE, subcommand_help_heading = "Órdenes", subcommand_value_name = "ORDEN")]
pub(super) enum PersonCommand {
    /// Escribe todo lo que la cámara tiene de una identificación, sin secretos
    Exportar {
        /// Código de la cámara (dos dígitos)
        #[arg(long)]
        camara: String,
        /// Identificación de la persona
        #[arg(long)]
        identificacion: String,
        /// Archivo .json que se escribe
        #[arg(long, value_name = "ARCHIVO.json")]
        salida: PathBuf,
    },
    /// Borra lo que la ley permite borrar, y dice qué se conserva y por qué
    Borrar {
        /// Código de la cámara (dos dígitos)
        #[arg(long)]
        camara: String,
        /// Identificación de la persona
        #[arg(long)]
        identificacion: String,
        /// La misma identificación, para confirmar
        #[arg(long, value_name = "IDENTIFICACIÓN")]
        confirmar: String,
        /// Escribe el resultado en JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Subcommand)]
#[command(help_template = TEMPLATE, subcommand_help_heading = "Órdenes", subcommand_value_name = "ORDEN")]
pub(super) enum KeyCommand {
    /// Muestra las llaves por su nombre y cuántas contraseñas selló cada una
    Estado(KeyArgs),
    /// Agrega una llave preparada, para copiar el archivo a los demás nodos antes de rotar
    Nueva(KeyArgs),
    /// Hace actual la llave preparada, o una nueva, y sella con ella todo lo sellado con las anteriores
    Rotar(KeyArgs),
    /// Sella con la llave actual lo que quede sellado con las anteriores
    Resellar(KeyArgs),
    /// Quita del archivo las llaves anteriores, cuando ya nada depende de ellas
    Retirar(KeyArgs),
}

#[derive(Args)]
#[command(next_help_heading = "Opciones", help_template = TEMPLATE)]
pub(super) struct KeyArgs {
    /// Escribe el resultado en JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
#[command(next_help_heading = "Opciones", help_template = TEMPLATE)]
pub(super) struct DemoArgs {
    /// Comerciantes inventados del extracto; 0 deja el registro vacío
    #[arg(long, default_value_t = 2000, value_name = "N")]
    pub comerciantes: usize,
    /// Semilla: la misma da el mismo extracto
    #[arg(long, default_value_t = 2026, value_name = "NÚMERO")]
    pub semilla: u64,
    /// Carpeta de la demostración
    #[arg(long, default_value = "var", value_name = "CARPETA")]
    pub directorio: PathBuf,
    /// Solo escribe el extracto en este archivo
    #[arg(long, value_name = "ARCHIVO")]
    pub solo_archivo: Option<PathBuf>,
    /// Atiende la demostración cuando está lista
    #[arg(long)]
    pub servir: bool,
    /// Escribe el resultado en JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
#[command(next_help_heading = "Opciones", help_template = TEMPLATE)]
pub(super) struct SampleArgs {
    /// Código de la cámara (dos dígitos)
    #[arg(long)]
    pub camara: String,
    /// Variante: doble (con PIN por SMS) o solo-clave; si no se escribe, la que está en uso
    #[arg(long, value_name = "FACTOR")]
    pub factor: Option<String>,
    /// Archivo PDF que se escribe
    #[arg(long, default_value = "documento-muestra.pdf", value_name = "ARCHIVO")]
    pub salida: PathBuf,
}
