package search

import (
	"cmp"
	"encoding/binary"
	"slices"
	"sort"
	"strings"
)

// Query is what is looked for. All that it names must hold.
type Query struct {
	Words   []Word
	Without []Word
	Any     [][]Condition // of each list one must hold
	None    []Condition   // none of these may hold
	Numbers []int64       // sorted: only these; nil: all
	After   int64         // made at this time or later, in seconds since 1970
	Before  int64         // made before this time; 0: any
	Except  []Period      // made at none of these times

	// Class returns what an entry's channel is to the one who asks: 0 for one that they do not see.
	Class func(channel int64) Class
}

// Period is a time from its beginning up to its end, in seconds since 1970.
type Period struct{ From, To int64 }

// inTime reports whether what was made then is looked for.
func (q *Query) inTime(seconds int64) bool {
	return seconds >= q.After && (q.Before == 0 || seconds < q.Before) &&
		!slices.ContainsFunc(q.Except, func(p Period) bool { return seconds >= p.From && seconds < p.To })
}

// Class is a set of bits. What they mean is the caller's.
type Class uint8

// Condition is one of an entry: it has the fact, has not the other one, and its channel is of the class.
type Condition struct {
	Fact, Not string // empty: any
	Class     Class  // bits that must be set
}

// Exact reports whether the index alone tells which entries match: the others may, and their texts must be read.
func (q *Query) Exact() bool {
	inexact := func(w Word) bool { return !w.exact }
	return !slices.ContainsFunc(q.Words, inexact) && !slices.ContainsFunc(q.Without, inexact)
}

// Matches reports whether a folded text has all of the words and none of those that it must not have.
func (q *Query) Matches(folded string) bool {
	return !slices.ContainsFunc(q.Words, func(w Word) bool { return !w.In(folded) }) &&
		!slices.ContainsFunc(q.Without, func(w Word) bool { return w.In(folded) })
}

// Hit is an entry that matches, or may.
type Hit struct {
	Number, Seconds int64
}

// Newer orders hits, the newest first.
func Newer(a, b Hit) int {
	return cmp.Or(cmp.Compare(b.Seconds, a.Seconds), cmp.Compare(b.Number, a.Number))
}

// Find calls hit with every entry of a block that may match, in the order of their numbers, but for the stale ones,
// which are sorted. Those of an exact query match.
//
// Its time must not tell what is said in channels that the one who asks does not see. So a block in which they see none
// is left out, and in any other each word is looked for to the end, whether another one is there or not. What is left
// is some 2 ns for each entry that has the word.
func (q *Query) Find(b Block, stale []int64, hit func(Hit)) error {
	d, err := openDictionary(b)
	if err != nil {
		return err
	}
	c, err := openColumns(b.Columns)
	if err != nil {
		return err
	}
	classes := make([]Class, len(c.channels)/8)
	seen := Class(0)
	for i := range classes {
		classes[i] = q.Class(c.channel(i))
		seen |= classes[i]
	}
	if seen == 0 {
		return nil
	}
	found := newSet(c.count)
	for i := range found {
		found[i] = ^uint64(0)
	}
	some := newSet(c.count)
	for _, w := range q.Words {
		for _, piece := range w.pieces {
			clear(some)
			d.fill(some, piece)
			found.and(some)
		}
	}
	for _, w := range q.Without {
		if w.exact { // else the entry may have the pieces, and not the word
			clear(some)
			d.fill(some, w.pieces[0])
			found.without(some)
		}
	}
	for _, any := range q.Any {
		one := newSet(c.count)
		for _, condition := range any {
			condition.fill(some, &d, &c, classes)
			one.or(some)
		}
		found.and(one)
	}
	for _, condition := range q.None {
		condition.fill(some, &d, &c, classes)
		found.without(some)
	}
	q.report(&c, classes, found, stale, hit)
	return nil
}

// report calls hit with the entries of a set that the one who asks sees, and that are of the right time.
func (q *Query) report(c *columns, classes []Class, found set, stale []int64, hit func(Hit)) {
	for i := range found.all() {
		if i >= c.count || c.class(i, classes) == 0 {
			continue
		}
		h := Hit{c.number(i), c.seconds(i)}
		if !q.inTime(h.Seconds) {
			continue
		}
		if q.Numbers != nil && !contains(q.Numbers, h.Number) || contains(stale, h.Number) {
			continue
		}
		hit(h)
	}
}

func contains(sorted []int64, n int64) bool {
	_, found := slices.BinarySearch(sorted, n)
	return found
}

// fill sets s to the entries for which the condition holds.
func (cond Condition) fill(s set, d *dictionary, c *columns, classes []Class) {
	clear(s)
	switch {
	case cond.Fact != "":
		d.fillFact(s, cond.Fact)
	default:
		for i := range s {
			s[i] = ^uint64(0)
		}
	}
	if cond.Not != "" {
		not := newSet(c.count)
		d.fillFact(not, cond.Not)
		s.without(not)
	}
	if cond.Class == 0 {
		return
	}
	for i := range c.count {
		if c.class(i, classes)&cond.Class != cond.Class {
			s[i/64] &^= 1 << (i % 64)
		}
	}
}

// fill adds the entries that have a word with the piece in it.
func (d *dictionary) fill(s set, piece string) {
	if word, first := strings.CutPrefix(piece, "\n"); first {
		d.fillFrom(s, word)
		return
	}
	for at := d.texts; ; {
		n := strings.Index(d.words[at:], piece)
		if n < 0 {
			return
		}
		at += n
		s.fill(d.at(at))
		if n = strings.IndexByte(d.words[at:], '\n'); n < 0 {
			return
		}
		at += n
	}
}

// fillFrom adds the entries that have a word that begins so, or with a line feed at its end, that word: the dictionary
// is sorted.
func (d *dictionary) fillFrom(s set, begins string) {
	word := strings.TrimSuffix(begins, "\n")
	// The table's first word that is not before it; the one of the table before may have others.
	i := sort.Search(len(d.table)/8, func(i int) bool { return d.wordAt(d.offset(i)) >= word })
	for at := d.offset(max(0, i-1)); at+1 < len(d.words); {
		here := d.wordAt(at)
		switch {
		case strings.HasPrefix(d.words[at+1:], begins):
			s.fill(d.at(at + 1))
		case here > word:
			return
		}
		at += 1 + len(here)
	}
}

// fillFact adds the entries of which a fact is known.
func (d *dictionary) fillFact(s set, name string) { d.fillFrom(s, fact+name+"\n") }

// columns are a block's entries.
type columns struct {
	count    int
	first    int64
	channels []byte
	rows     []byte
}

const columnWidth = 4 + 4 + 2

func openColumns(b []byte) (c columns, err error) {
	if len(b) < 12 {
		return c, ErrDamaged
	}
	channels := int(binary.LittleEndian.Uint32(b))
	c.first = int64(binary.LittleEndian.Uint64(b[4:]))
	b = b[12:]
	if channels > len(b)/8 {
		return c, ErrDamaged
	}
	c.channels, c.rows = b[:8*channels], b[8*channels:]
	c.count = len(c.rows) / columnWidth
	return c, nil
}

func (c *columns) channel(i int) int64 {
	return int64(binary.LittleEndian.Uint64(c.channels[8*i:]))
}

func (c *columns) number(i int) int64 {
	return c.first + int64(binary.LittleEndian.Uint32(c.rows[columnWidth*i:]))
}

func (c *columns) seconds(i int) int64 {
	return int64(binary.LittleEndian.Uint32(c.rows[columnWidth*i+4:]))
}

// class returns the class of an entry's channel. That of a damaged one is 0.
func (c *columns) class(i int, classes []Class) Class {
	if at := int(binary.LittleEndian.Uint16(c.rows[columnWidth*i+8:])); at < len(classes) {
		return classes[at]
	}
	return 0
}
