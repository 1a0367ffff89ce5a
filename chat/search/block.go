package search

import (
	"encoding/binary"
	"errors"
	"iter"
	"math/bits"
	"slices"
	"strings"
)

// MaxEntries is the number of entries that fit into a block.
const MaxEntries = 1 << 14

// Entry is what is indexed.
type Entry struct {
	Number  int64 // of all entries of a block the first has the lowest
	Seconds int64 // when it was made, since 1970
	Channel int64
	Text    string   // folded
	Facts   []string // what else is known of it, by which it can be found; without control characters
}

// Block is the index of some entries, as it is stored. It is never changed.
type Block struct {
	Words   string // the dictionary: facts, then words, each after a line feed, and one at the end
	Lists   []byte // by word, which entries have it
	Columns []byte // by entry, its number, time and channel
}

// fact is the character that begins a fact in the dictionary, so that no word is one.
const fact = "\x01"

// Builder makes a block of entries, which are added in the order of their numbers. The zero value is empty.
type Builder struct {
	lists    map[string][]uint16
	entries  []Entry
	channels []int64
	channel  map[int64]uint16
}

// Len returns the number of entries.
func (b *Builder) Len() int { return len(b.entries) }

// Add adds an entry. There must be fewer than MaxEntries.
func (b *Builder) Add(e Entry) {
	if b.lists == nil {
		b.lists, b.channel = make(map[string][]uint16), make(map[int64]uint16)
	}
	at := uint16(len(b.entries))
	add := func(word string) {
		list := b.lists[word]
		if n := len(list); n == 0 {
			word = strings.Clone(word) // not the whole text
		} else if list[n-1] == at {
			return
		}
		b.lists[word] = append(list, at)
	}
	eachWord(e.Text, add)
	for _, f := range e.Facts {
		add(fact + f)
	}
	if _, known := b.channel[e.Channel]; !known {
		b.channel[e.Channel] = uint16(len(b.channels))
		b.channels = append(b.channels, e.Channel)
	}
	e.Text, e.Facts = "", nil
	b.entries = append(b.entries, e)
}

// Build returns the block.
func (b *Builder) Build() Block {
	words := make([]string, 0, len(b.lists))
	for word := range b.lists {
		words = append(words, word)
	}
	slices.Sort(words)
	var dictionary strings.Builder
	var table, lists, list []byte
	texts := 0
	for i, word := range words {
		if i%stride == 0 {
			table = binary.LittleEndian.AppendUint32(table, uint32(dictionary.Len()))
			table = binary.LittleEndian.AppendUint32(table, uint32(len(lists)))
		}
		dictionary.WriteByte('\n')
		dictionary.WriteString(word)
		if strings.HasPrefix(word, fact) {
			texts = dictionary.Len()
		}
		before := uint16(0)
		list = list[:0]
		for _, at := range b.lists[word] {
			list = binary.AppendUvarint(list, uint64(at-before))
			before = at
		}
		lists = append(binary.AppendUvarint(lists, uint64(len(list))), list...)
	}
	dictionary.WriteByte('\n')
	head := binary.LittleEndian.AppendUint32(nil, uint32(len(table)/8))
	head = binary.LittleEndian.AppendUint32(head, uint32(texts))
	return Block{Words: dictionary.String(), Lists: slices.Concat(head, table, lists), Columns: b.columns()}
}

// columns stores the entries: how many channels there are, those, and for each entry its number after the first one's,
// its time and the index of its channel.
func (b *Builder) columns() []byte {
	c := binary.LittleEndian.AppendUint32(nil, uint32(len(b.channels)))
	first := int64(0)
	if len(b.entries) > 0 {
		first = b.entries[0].Number
	}
	c = binary.LittleEndian.AppendUint64(c, uint64(first))
	for _, id := range b.channels {
		c = binary.LittleEndian.AppendUint64(c, uint64(id))
	}
	for _, e := range b.entries {
		c = binary.LittleEndian.AppendUint32(c, uint32(e.Number-first))
		c = binary.LittleEndian.AppendUint32(c, uint32(e.Seconds))
		c = binary.LittleEndian.AppendUint16(c, b.channel[e.Channel])
	}
	return c
}

// ErrDamaged reports that a block is not one that a Builder made.
var ErrDamaged = errors.New("search: the index is damaged")

// stride is the number of words for which there is one entry in a block's table: where the first of them begins in the
// dictionary, and where its list does.
const stride = 16

// dictionary is a block's words with their lists.
type dictionary struct {
	words string
	texts int // where the words begin that are no facts
	table []byte
	lists []byte
}

func openDictionary(b Block) (d dictionary, err error) {
	if len(b.Lists) < 8 {
		return d, ErrDamaged
	}
	d.words = b.Words
	entries := int(binary.LittleEndian.Uint32(b.Lists))
	d.texts = int(binary.LittleEndian.Uint32(b.Lists[4:]))
	if entries > (len(b.Lists)-8)/8 || d.texts > len(d.words) {
		return d, ErrDamaged
	}
	d.table, d.lists = b.Lists[8:8+8*entries], b.Lists[8+8*entries:]
	return d, nil
}

// offset returns where a word of the table begins, with the line feed before it.
func (d *dictionary) offset(i int) int {
	if 8*i >= len(d.table) {
		return len(d.words)
	}
	return min(len(d.words), int(binary.LittleEndian.Uint32(d.table[8*i:])))
}

// wordAt returns the word behind a line feed.
func (d *dictionary) wordAt(at int) string {
	if at >= len(d.words) {
		return ""
	}
	word, _, _ := strings.Cut(d.words[at+1:], "\n")
	return word
}

// at returns which entries have the word at an offset of the dictionary, as it is stored.
func (d *dictionary) at(offset int) []byte {
	low, high := 0, len(d.table)/8 // the last entry that begins before the offset
	for high-low > 1 {
		middle := (low + high) / 2
		if int(binary.LittleEndian.Uint32(d.table[8*middle:])) < offset {
			low = middle
		} else {
			high = middle
		}
	}
	if high == 0 {
		return nil
	}
	begins := int(binary.LittleEndian.Uint32(d.table[8*low:]))
	from := int(binary.LittleEndian.Uint32(d.table[8*low+4:]))
	if begins > offset || from > len(d.lists) {
		return nil
	}
	lists := d.lists[from:]
	for range strings.Count(d.words[begins:offset], "\n") - 1 {
		n, size := binary.Uvarint(lists)
		if size <= 0 || n > uint64(len(lists)-size) {
			return nil
		}
		lists = lists[size+int(n):]
	}
	n, size := binary.Uvarint(lists)
	if size <= 0 || n > uint64(len(lists)-size) {
		return nil
	}
	return lists[size : size+int(n)]
}

// set is a set of a block's entries.
type set []uint64

func newSet(entries int) set { return make(set, (entries+63)/64) }

// all returns the entries of the set, in order.
func (s set) all() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i, word := range s {
			for ; word != 0; word &= word - 1 {
				if !yield(64*i + bits.TrailingZeros64(word)) {
					return
				}
			}
		}
	}
}

// fill adds all entries of a list.
func (s set) fill(list []byte) {
	at := uint64(0)
	for len(list) > 0 {
		delta, n := uint64(list[0]), 1
		if delta >= 0x80 {
			if delta, n = binary.Uvarint(list); n <= 0 {
				return
			}
		}
		list, at = list[n:], at+delta
		if at/64 < uint64(len(s)) {
			s[at/64] |= 1 << (at % 64)
		}
	}
}

func (s set) and(other set) {
	for i := range s {
		s[i] &= other[i]
	}
}

func (s set) or(other set) {
	for i := range s {
		s[i] |= other[i]
	}
}

func (s set) without(other set) {
	for i := range s {
		s[i] &^= other[i]
	}
}
