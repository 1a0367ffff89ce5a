package chat

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

//go:embed confusables.txt
var confusablesText string

// confusables maps each character to what it looks like.
var confusables = sync.OnceValue(func() map[rune]string {
	table := make(map[rune]string, 2200)
	for line := range strings.Lines(confusablesText) {
		if fields := strings.Fields(line); fields[0] != "#" {
			var looks strings.Builder
			for _, hex := range fields[1:] {
				looks.WriteRune(mustRune(hex))
			}
			table[mustRune(fields[0])] = looks.String()
		}
	}
	return table
})

// mustRune parses a code point of an embedded file.
func mustRune(hex string) rune {
	n, err := strconv.ParseInt(hex, 16, 32)
	if err != nil {
		panic(err)
	}
	return rune(n)
}

// smallCapitals maps letters that are drawn as capitals, smaller or white on black, to those capitals: neither NFKC nor
// the standard's table does.
var smallCapitals = func() map[rune]rune {
	table := make(map[rune]rune, 80)
	for _, alphabet := range []string{"ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡ-ʏᴢ", "🅐🅑🅒🅓🅔🅕🅖🅗🅘🅙🅚🅛🅜🅝🅞🅟🅠🅡🅢🅣🅤🅥🅦🅧🅨🅩",
		"🅰🅱🅲🅳🅴🅵🅶🅷🅸🅹🅺🅻🅼🅽🅾🅿🆀🆁🆂🆃🆄🆅🆆🆇🆈🆉"} {
		capital := 'A'
		for _, r := range alphabet {
			if r != '-' { // there is no small capital X
				table[r] = capital
			}
			capital++
		}
	}
	return table
}()

// amongLatin replaces Chinese, Japanese and Korean letters that look like Latin ones by those, in a text that also has
// Latin letters: such mixtures are common, so the mix of scripts alone is not suspicious.
func amongLatin(text string) string {
	if ascii(text) || !strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Latin, r) }) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if latin, ok := latinTwins[r]; ok {
			return latin
		}
		return r
	}, text)
}

// latinTwins maps letters of those scripts, as NFKC writes them, to the Latin ones that they look like.
var latinTwins = map[rune]rune{
	'丨': 'I', 'ㄧ': 'I', 'エ': 'I', '工': 'I', '\u1175': 'I', // ㅣ
	'〇': 'O', '口': 'O', 'ロ': 'O', '\u1106': 'O', '\u110b': 'O', // ㅁ and ㅇ
	'ㄥ': 'L', '\u1102': 'L', // ㄴ
	'卂': 'A', '乃': 'B', '匚': 'C', 'ㄈ': 'C', '冂': 'n', 'ㄇ': 'n', '丅': 'T', 'ㄒ': 'T', '凵': 'U', 'ㄩ': 'U',
	'山': 'W', '乂': 'X', 'メ': 'X', 'ㄨ': 'X', '丫': 'Y', 'ㄚ': 'Y',
}
