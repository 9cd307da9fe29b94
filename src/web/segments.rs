//! Stretches of a page that are compressed once and joined many times.
//!
//! Each segment is deflated by itself and ends at a byte boundary (a sync flush, RFC 1951, 3.2.4), so that segments
//! can be joined to one gzip member (RFC 1952) by copying. What is made for one request goes between them as
//! stored, uncompressed blocks: a token never shares a compressed block with anything, so that the length of an
//! answer tells nothing about it. The checksum of the whole is combined from those of the parts, as in zlib's
//! `crc32_combine_op`.

use std::cell::RefCell;

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

/// Text that was compressed by itself. The text is not kept besides: whoever takes no gzip waits for it.
#[derive(Debug)]
pub struct Segment {
    deflated: Box<[u8]>,
    length: usize,
    crc: u32,
    /// x^(8 · length) modulo the polynomial of CRC-32: what a checksum in front is multiplied with.
    shift: u32,
}

impl Segment {
    /// Compresses `plain` well, because it is done once.
    pub fn new(plain: &str) -> Segment {
        WELL.with_borrow_mut(|compress| Segment::by(compress, plain))
    }

    /// Compresses `plain` fast, because it is used once.
    pub fn once(plain: &str) -> Segment {
        FAST.with_borrow_mut(|compress| Segment::by(compress, plain))
    }

    fn by(compress: &mut Compress, plain: &str) -> Segment {
        let (bytes, length) = (plain.as_bytes(), plain.len());
        Segment {
            deflated: deflate(compress, bytes),
            length,
            crc: crc32fast::hash(bytes),
            shift: shift_of(length),
        }
    }

    /// Adds the text to `out`.
    fn inflate(&self, out: &mut Vec<u8>) {
        let before = out.len();
        out.reserve_exact(self.length);
        let mut decompress = Decompress::new(false);
        // Ends with the whole text, or where no more comes of it, which what we deflated ourselves never does.
        while out.len() < before + self.length {
            let (read, written) = (decompress.total_in() as usize, out.len());
            let rest = self.deflated.get(read..).unwrap_or_default();
            let status = decompress.decompress_vec(rest, out, FlushDecompress::Sync);
            if status.is_err() || out.len() == written {
                tracing::error!(length = self.length, "a kept segment does not inflate");
                return;
            }
        }
    }

    /// Bytes that keeping it takes.
    pub fn weight(&self) -> usize {
        self.deflated.len() + size_of::<Segment>()
    }
}

// A compressor takes 300 KiB that have to be cleared, longer than a short text takes to compress: each thread keeps its own.
thread_local! {
    static WELL: RefCell<Compress> = RefCell::new(Compress::new(Compression::best(), false));
    static FAST: RefCell<Compress> = RefCell::new(Compress::new(Compression::fast(), false));
}

fn deflate(compress: &mut Compress, plain: &[u8]) -> Box<[u8]> {
    compress.reset();
    let mut out = Vec::with_capacity(plain.len() / 3 + 64);
    loop {
        let from = usize::try_from(compress.total_in()).unwrap_or(plain.len());
        let rest = plain.get(from..).unwrap_or_default();
        let before = out.len();
        let status = compress.compress_vec(rest, &mut out, FlushCompress::Sync);
        let done = compress.total_in() as usize >= plain.len() && out.len() < out.capacity();
        if done || !matches!(status, Ok(Status::Ok | Status::BufError)) {
            return out.into_boxed_slice();
        }
        if out.len() == before || out.len() == out.capacity() {
            out.reserve(out.capacity().max(64));
        }
    }
}

/// An answer's body, put together.
#[derive(Debug)]
pub struct Joined {
    out: Vec<u8>,
    zipped: Option<Sums>,
}

#[derive(Debug, Default)]
struct Sums {
    crc: u32,
    length: u32,
}

/// RFC 1952, 2.3: deflate, no name, no time, unknown system.
const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

impl Joined {
    /// An empty body of about this many bytes to be, as gzip or as it is.
    pub fn new(gzip: bool, bytes: usize) -> Joined {
        let mut out = Vec::with_capacity(bytes + 64);
        if gzip {
            out.extend_from_slice(&HEAD);
        }
        Joined { out, zipped: gzip.then(Sums::default) }
    }

    /// Adds what is compressed already.
    pub fn add(&mut self, segment: &Segment) {
        match &mut self.zipped {
            None => segment.inflate(&mut self.out),
            Some(sums) => {
                self.out.extend_from_slice(&segment.deflated);
                sums.crc = multiply(segment.shift, sums.crc) ^ segment.crc;
                sums.length = sums.length.wrapping_add(segment.length as u32);
            }
        }
    }

    /// Adds what was made for this answer, as it is.
    pub fn add_plain(&mut self, text: &str) {
        let Some(sums) = &mut self.zipped else {
            self.out.extend_from_slice(text.as_bytes());
            return;
        };
        // RFC 1951, 3.2.4: a stored block holds 65,535 bytes at most.
        for block in text.as_bytes().chunks(0xffff) {
            let length = (block.len() as u16).to_le_bytes();
            self.out.push(0);
            self.out.extend_from_slice(&length);
            self.out.extend_from_slice(&length.map(|byte| !byte));
            self.out.extend_from_slice(block);
        }
        let mut hasher = crc32fast::Hasher::new_with_initial(sums.crc);
        hasher.update(text.as_bytes());
        sums.crc = hasher.finalize();
        sums.length = sums.length.wrapping_add(text.len() as u32);
    }

    /// The whole body.
    pub fn finish(mut self) -> Vec<u8> {
        if let Some(sums) = self.zipped {
            // An empty last block; then checksum and length.
            self.out.extend_from_slice(&[1, 0, 0, 0xff, 0xff]);
            self.out.extend_from_slice(&sums.crc.to_le_bytes());
            self.out.extend_from_slice(&sums.length.to_le_bytes());
        }
        self.out
    }
}

/// CRC-32's polynomial, lowest power first.
const POLYNOMIAL: u32 = 0xedb8_8320;

/// a · b modulo the polynomial, of residues with the coefficient of x^0 in the highest bit (zlib's `multmodp`).
fn multiply(a: u32, mut b: u32) -> u32 {
    let mut product = 0;
    let mut rest = a;
    while rest != 0 {
        if rest & (1 << 31) != 0 {
            product ^= b;
        }
        rest <<= 1;
        b = if b & 1 == 0 { b >> 1 } else { (b >> 1) ^ POLYNOMIAL };
    }
    product
}

/// x^(8 · bytes) modulo the polynomial.
fn shift_of(bytes: usize) -> u32 {
    let (mut result, mut power, mut rest) = (1 << 31, 1 << 23, bytes);
    while rest != 0 {
        if rest & 1 == 1 {
            result = multiply(power, result);
        }
        power = multiply(power, power);
        rest >>= 1;
    }
    result
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use proptest::prelude::*;

    use super::{Joined, Segment};

    fn unzipped(bytes: &[u8]) -> String {
        let mut text = String::new();
        flate2::read::GzDecoder::new(bytes).read_to_string(&mut text).unwrap();
        text
    }

    proptest! {
        #[test]
        fn what_is_joined_unzips_to_the_parts_in_order(parts in proptest::collection::vec((any::<bool>(), "\\PC{0,200}", 0_usize..4), 0..20)) {
            let (mut zipped, mut plain, mut whole) = (Joined::new(true, 0), Joined::new(false, 0), String::new());
            for (kept, text, times) in &parts {
                let text = text.repeat(*times);
                whole.push_str(&text);
                for joined in [&mut zipped, &mut plain] {
                    if *kept { joined.add(&Segment::new(&text)) } else { joined.add_plain(&text) }
                }
            }
            prop_assert_eq!(plain.finish(), whole.as_bytes());
            prop_assert_eq!(unzipped(&zipped.finish()), whole);
        }
    }

    #[test]
    fn long_and_incompressible_parts_are_whole() {
        let mut state = 7_u64;
        let noise: String = (0..300_000)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                char::from(b' ' + (state >> 33) as u8 % 95)
            })
            .collect();
        let (mut zipped, mut plain) = (Joined::new(true, 0), Joined::new(false, 0));
        for joined in [&mut zipped, &mut plain] {
            joined.add(&Segment::new(&noise));
            joined.add_plain(&noise);
            joined.add(&Segment::once(&noise));
        }
        assert_eq!(unzipped(&zipped.finish()), noise.repeat(3));
        assert_eq!(plain.finish(), noise.repeat(3).as_bytes());
    }
}
