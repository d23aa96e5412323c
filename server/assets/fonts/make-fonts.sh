#!/bin/sh
# Makes the three fonts of the letter from the npm packages of Fontsource: Public Sans (regular, bold)
# and JetBrains Mono (bold), both under the SIL Open Font License 1.1, subset to the letters of Spanish
# names and punctuation (Latin-1 and the typographer's dashes, quotes, bullet, ellipsis).
# Needs: npm, python3 with fonttools and brotli (pip install fonttools brotli).
# What lies outside the subset is transliterated by server/src/pdf/letters.rs before it is drawn.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --silent @fontsource/public-sans@5.3.0 @fontsource/jetbrains-mono@5.3.0
letters='U+0020-007E,U+00A0-00FF,U+2013,U+2014,U+2018,U+2019,U+201C,U+201D,U+2022,U+2026'
subset() {
    fonttools ttLib.woff2 decompress -o plain.ttf "node_modules/@fontsource/$1"
    pyftsubset plain.ttf --unicodes="$2" --output-file="$here/$3" \
        --layout-features='' --no-hinting --desubroutinize --notdef-outline --name-IDs='0,1,2,3,4,5,6,13,14' \
        --drop-tables+=GSUB,GPOS,GDEF,STAT,MVAR,HVAR,gasp,DSIG
}
subset public-sans/files/public-sans-latin-400-normal.woff2 "$letters" PublicSans-Regular.ttf
subset public-sans/files/public-sans-latin-700-normal.woff2 "$letters" PublicSans-Bold.ttf
subset jetbrains-mono/files/jetbrains-mono-latin-700-normal.woff2 'U+0020-007E' JetBrainsMono-Bold.ttf
cp node_modules/@fontsource/public-sans/LICENSE "$here/PublicSans-LICENSE.txt"
cp node_modules/@fontsource/jetbrains-mono/LICENSE "$here/JetBrainsMono-LICENSE.txt"
ls -l "$here"
