package chat

import (
	"testing"
)

// A word that mixes scripts is refused as a name, unless the user has it already.
func TestMixedScripts(t *testing.T) {
	for name, mixed := range map[string]string{
		"Анпa": "Анпa", "Ада Lоvelace": "Lоvelace", "d’Аrtagnan": "Аrtagnan", "Nίκος": "Nίκος", "ꓮda": "ꓮda", "Ꭺda": "Ꭺda",
		"Іван2a":     "Іван2a",
		"Анна Smith": "", "Anna (Анна)": "", "Анна2": "", "2 Анна": "", "Zoë": "", "Kaʻena": "", "サトシ佐藤のり": "", "Mr佐藤さん": "",
		"李ㄌㄧ": "", "김金": "", "ㄌさ": "ㄌさ",
		"김さ": "김さ", "علی\u200cرضا": "", "Mikołaj": "", "देवी": "", "o̱i": "", "李〇": "", "Анⅷ": "Анⅷ", "葛\U000e0100城": "",
	} {
		if got := mixedWord(name); got != mixed {
			t.Errorf("of %q the word %q is mixed, want %q", name, got, mixed)
		}
		if _, err := cleanName(name); (err != nil) != (mixed != "") {
			t.Errorf("%q: %v", name, err)
		}
		if _, err := cleanNameOf(name, name); err != nil {
			t.Errorf("%q, one's own: %v", name, err)
		}
	}
}
