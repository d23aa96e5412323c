//! The chamber's own look, and the sample by which it is tried.

use server::pdf::{Logo, LogoFault, PdfFault};

use super::*;

/// A PNG of one colour, half of it transparent.
fn png(width: u32, height: u32, pixel: impl Fn(u32, u32) -> [u8; 4]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgba);
    let pixels: Vec<u8> =
        (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).flat_map(|(x, y)| pixel(x, y)).collect();
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    bytes
}

#[test]
fn a_logo_stands_at_the_head_and_what_is_transparent_is_white() {
    let dir = tempfile::tempdir().unwrap();
    let logo = Logo::decode(&png(120, 60, |x, _| [200, 0, 0, if x < 60 { 255 } else { 0 }])).unwrap();
    let brand = Brand { logo: Some(logo), accent: Some(0x0A_6E_3D) };
    let pdf = signed(dir.path(), &branded(Factor::Doble, &brand), &letter("Ana"));
    assert_signature_covers_everything(&pdf);
    assert!(std::fs::metadata(&pdf).unwrap().len() < 60_000);
    let (file, out) = (pdf.to_str().unwrap(), dir.path().join("logo"));
    let images = tool("pdfimages", &["-list", file]);
    assert!(images.contains("120") && !images.contains("smask"), "{images}");
    tool("pdfimages", &["-png", file, out.to_str().unwrap()]);
    let read =
        png::Decoder::new(std::io::BufReader::new(std::fs::File::open(dir.path().join("logo-000.png")).unwrap()));
    let mut read = read.read_info().unwrap();
    let mut pixels = vec![0; read.output_buffer_size().unwrap()];
    read.next_frame(&mut pixels).unwrap();
    assert_eq!((&pixels[..3], &pixels[119 * 3..120 * 3]), (&[200, 0, 0][..], &[255, 255, 255][..]));
}

#[test]
fn a_logo_that_cannot_be_used_says_why() {
    assert_eq!(Logo::read(Path::new("/no/existe.png")).unwrap_err(), LogoFault::Unreadable);
    assert_eq!(Logo::decode(b"GIF89a").unwrap_err(), LogoFault::NoPng);
    assert_eq!(Logo::decode(&png(1201, 1, |_, _| [0; 4])).unwrap_err(), LogoFault::TooLarge);
    let noise = png(300, 300, |x, y| [(x * y % 251) as u8, (x * 7 + y * y) as u8, (x * x + 3 * y) as u8, 255]);
    assert!(matches!(Logo::decode(&noise), Err(LogoFault::TooHeavy { .. })));
    let cut = png(50, 50, |_, _| [9; 4]);
    assert_eq!(Logo::decode(&cut[..cut.len() / 2]).unwrap_err(), LogoFault::NoPng);
}

#[test]
fn conditions_that_do_not_fit_on_the_page_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("documento")).unwrap();
    std::fs::write(dir.path().join(Conditions::FILE), "Una condición de un renglón.\n\n".repeat(60)).unwrap();
    let long = Conditions::load(Some(dir.path()), Factor::Doble, CHAMBER, "604", "Calle 1").unwrap();
    let issuer = Issuer {
        chamber: CHAMBER,
        city: "Villa",
        telephone: "604",
        factor: Factor::Doble,
        link: "https://x.co/activacion/55",
        verify_at: "https://x.co/verificar",
        conditions: &long,
        brand: &Brand::default(),
    };
    assert!(matches!(Stationery::print(&issuer).err(), Some(PdfFault::TooLong { lines: 20..60 })));
}
