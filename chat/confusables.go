package chat

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

//go:embed confusables.txt
var confusablesText string

// confusables returns what each character looks like.
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

// mustRune reads a code point of a file that is part of the program.
func mustRune(hex string) rune {
	n, err := strconv.ParseInt(hex, 16, 32)
	if err != nil {
		panic(err)
	}
	return rune(n)
}

// smallCapitals are letters drawn as capitals, smaller or white on black, that neither NFKC nor the standard's table makes
// into those capitals.
var smallCapitals = func() map[rune]rune {
	table := make(map[rune]rune, 80)
	for _, alphabet := range []string{"ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡ-ʏᴢ", "🅐🅑🅒🅓🅔🅕🅖🅗🅘🅙🅚🅛🅜🅝🅞🅟🅠🅡🅢🅣🅤🅥🅦🅧🅨🅩", "🅰🅱🅲🅳🅴🅵🅶🅷🅸🅹🅺🅻🅼🅽🅾🅿🆀🆁🆂🆃🆄🆅🆆🆇🆈🆉"} {
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
