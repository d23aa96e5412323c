//! A chamber's logo, read from a PNG and kept as it is embedded: 8-bit RGB on white, deflated.

use std::path::Path;

use flate2::Compression;
use lopdf::{Object, Stream, dictionary};
use png::{ColorType, Decoder, Limits, Transformations};

use super::stationery::deflated;

/// Bytes of the file that are read at most.
const LONGEST_FILE: u64 = 2 * 1024 * 1024;

/// Pixels a side: more than enough for the place that a logo has.
const MOST_PIXELS: u32 = 1200;

/// Bytes that it may add to every letter.
const MOST_BYTES: usize = 14 * 1024;

/// A logo, ready to be embedded.
#[derive(Clone)]
pub struct Logo {
    width: u32,
    height: u32,
    stream: Stream,
}

/// Why a logo cannot be used, for whoever chose it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogoFault {
    /// Not there, or not to be read.
    #[error("no se puede leer el archivo; revise la ruta y los permisos")]
    Unreadable,
    /// No PNG.
    #[error("el archivo no es una imagen PNG que se pueda leer")]
    NoPng,
    /// Too many pixels.
    #[error("la imagen es demasiado grande; redúzcala a {MOST_PIXELS} píxeles por lado como máximo")]
    TooLarge,
    /// Too many bytes in every letter.
    #[error(
        "el logo ocuparía {} kB en cada documento y el máximo es {}; redúzcalo a unos 300 píxeles de ancho o a menos colores",
        .bytes.div_ceil(1024), MOST_BYTES / 1024
    )]
    TooHeavy {
        /// What it would take.
        bytes: usize,
    },
}

impl Logo {
    /// Reads a PNG; what is transparent becomes white.
    ///
    /// # Errors
    /// Each way in which it cannot be used.
    pub fn read(path: &Path) -> Result<Self, LogoFault> {
        let size = std::fs::metadata(path).map_err(|_| LogoFault::Unreadable)?.len();
        if size > LONGEST_FILE {
            return Err(LogoFault::TooLarge);
        }
        Self::decode(&std::fs::read(path).map_err(|_| LogoFault::Unreadable)?)
    }

    /// The same for its bytes.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn decode(bytes: &[u8]) -> Result<Self, LogoFault> {
        let limits = Limits { bytes: 32 * 1024 * 1024 };
        let mut decoder = Decoder::new_with_limits(std::io::Cursor::new(bytes), limits);
        decoder.set_transformations(Transformations::normalize_to_color8());
        let mut reader = decoder.read_info().map_err(|_| LogoFault::NoPng)?;
        let (width, height) = reader.info().size();
        if width == 0 || height == 0 || width > MOST_PIXELS || height > MOST_PIXELS {
            return Err(LogoFault::TooLarge);
        }
        let mut pixels = vec![0; reader.output_buffer_size().ok_or(LogoFault::TooLarge)?];
        let frame = reader.next_frame(&mut pixels).map_err(|_| LogoFault::NoPng)?;
        pixels.truncate(frame.buffer_size());
        let over_white = |value: u8, alpha: u8| {
            let (value, alpha) = (u32::from(value), u32::from(alpha));
            ((value * alpha + 255 * (255 - alpha)) / 255) as u8
        };
        let rgb: Vec<u8> = match frame.color_type {
            ColorType::Rgb => pixels,
            ColorType::Rgba => {
                pixels.chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]].map(|value| over_white(value, p[3]))).collect()
            }
            ColorType::Grayscale => pixels.iter().flat_map(|value| [*value; 3]).collect(),
            ColorType::GrayscaleAlpha => pixels.chunks_exact(2).flat_map(|p| [over_white(p[0], p[1]); 3]).collect(),
            ColorType::Indexed => return Err(LogoFault::NoPng),
        };
        Self::embedded(width, height, &rgb)
    }

    fn embedded(width: u32, height: u32, rgb: &[u8]) -> Result<Self, LogoFault> {
        // Each row as the difference to the one above (PNG's filter «Up»): logos are mostly flat.
        let row = width as usize * 3;
        let mut filtered = Vec::with_capacity(rgb.len() + height as usize);
        for (index, pixels) in rgb.chunks_exact(row).enumerate() {
            filtered.push(2);
            let above = index.checked_sub(1).map(|above| &rgb[above * row..][..row]);
            filtered.extend(pixels.iter().enumerate().map(|(x, value)| value.wrapping_sub(above.map_or(0, |a| a[x]))));
        }
        let mut stream = deflated(&filtered, Compression::best()).map_err(|_| LogoFault::NoPng)?;
        let bytes = stream.content.len();
        if bytes > MOST_BYTES {
            return Err(LogoFault::TooHeavy { bytes });
        }
        stream.dict.extend(&dictionary! {
            "Type" => "XObject",
            "Subtype" => "Image",
            "Width" => i64::from(width),
            "Height" => i64::from(height),
            "ColorSpace" => "DeviceRGB",
            "BitsPerComponent" => 8,
            "DecodeParms" => dictionary! { "Predictor" => 15, "Colors" => 3, "Columns" => i64::from(width) },
        });
        Ok(Self { width, height, stream })
    }

    pub(super) fn object(&self) -> Object {
        self.stream.clone().into()
    }

    /// Its size in points, as large as the place allows.
    pub(super) fn fit(&self, width: f32, height: f32) -> (f32, f32) {
        let (own_width, own_height) = (self.width as f32, self.height as f32);
        let scale = (width / own_width).min(height / own_height);
        (own_width * scale, own_height * scale)
    }
}

impl std::fmt::Debug for Logo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Logo({}x{})", self.width, self.height)
    }
}
