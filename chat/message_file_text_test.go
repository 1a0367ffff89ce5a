package chat

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// library is a FileTexts: the text of each file, or what happens in its place.
type library struct {
	mu    sync.Mutex // over all but log
	texts map[ID]string
	acts  map[ID]func() (string, error)
	takes time.Duration
	read  []ID
	log   bytes.Buffer
}

func (l *library) FileText(_ context.Context, id ID, _ string) (string, error) {
	l.mu.Lock()
	takes, act, text := l.takes, l.acts[id], l.texts[id]
	l.read = append(l.read, id)
	l.mu.Unlock()
	time.Sleep(takes)
	if act != nil {
		return act()
	}
	return text, nil
}

// has gives a file a text.
func (l *library) has(id ID, text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.texts[id] = text
}

// does gives a file what happens when it is read.
func (l *library) does(id ID, act func() (string, error)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.acts[id] = act
}

// slow makes each reading from now on take so long, and counts them anew.
func (l *library) slow(takes time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.read, l.takes = nil, takes
}

// reads returns how many files were read.
func (l *library) reads() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.read)
}

// reading opens a chat whose files are in a library, in a bubble.
func reading(t *testing.T, l *library, test func(t *testing.T, c *Chat, ada Actor)) {
	t.Helper()
	path := tempPath(t)
	must(t, mustOpen(t, Options{Path: path}).Close())
	l.texts, l.acts = make(map[ID]string), make(map[ID]func() (string, error))
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{Path: path, FileTexts: l, Log: slog.New(slog.NewTextHandler(&l.log, nil))})
		ada, err := c.Accounts.ClaimWorkspace(t.Context(), Actor{}, mustSetupLink(t, c), openPlace, "Ada", goodPassword)
		must(t, err)
		time.Sleep(time.Minute - time.Duration(c.now().UnixNano()%int64(time.Minute))) // a minute begins
		test(t, c, ada)
	})
}

// mustSend posts a message with a text file, which has this text in the library.
func (l *library) mustSend(t *testing.T, c *Chat, a Actor, slug, name, text string) (seq int64) {
	t.Helper()
	file := Attachment{ID: NewID(), Name: name, Type: "text/plain", Size: 5}
	l.has(file.ID, text)
	row, _, err := c.Messages.Post(t.Context(), a, slug, Draft{Body: "words", Files: []Attachment{file}})
	must(t, err)
	return row.Seq
}

// However many files are sent, only so many are read in a minute, and those of before the program started are among
// them. Pictures are not read.
func TestTextsOfAMinute(t *testing.T) {
	l := new(library)
	reading(t, l, func(t *testing.T, c *Chat, ada Actor) {
		for n := range maxTextsPerMinute + 5 {
			l.mustSend(t, c, ada, "general-talk", fmt.Sprint(n, ".txt"), "text")
		}
		mustShare(t, c, ada, "general-talk", 0, "a.png")
		synctest.Wait()
		time.Sleep(time.Second)
		if l.reads() != maxTextsPerMinute {
			t.Errorf("%d files are read in a minute", l.reads())
		}
		time.Sleep(time.Minute)
		if l.reads() != maxTextsPerMinute+5 {
			t.Errorf("%d files are read", l.reads())
		}
		time.Sleep(time.Minute)
		l.slow(maxTextTime * 3 / 8)
		for range 5 {
			l.mustSend(t, c, ada, "general-talk", "slow.txt", "text")
		}
		time.Sleep(58 * time.Second) // the next minute has not begun
		if l.reads() != 3 {
			t.Errorf("%d slow files are read in a minute", l.reads())
		}
	})
}

// What waited when the program ended is read by the next one.
func TestTextsAfterARestart(t *testing.T) {
	path, l := tempPath(t), new(library)
	l.texts = make(map[ID]string)
	c := mustOpen(t, Options{Path: path})
	ada := mustSignIn(t, c, "Ada")
	l.mustSend(t, c, ada, "general-talk", "a.txt", "a needle")
	must(t, c.Close())
	for range 2 {
		synctest.Test(t, func(t *testing.T) {
			c := mustOpen(t, Options{Path: path, FileTexts: l})
			synctest.Wait()
			wantCount(t, c, `SELECT count(*) FROM file_texts WHERE text = 'a needle' AND size = 8`, 1)
			must(t, c.Close())
		})
	}
	if l.reads() != 1 {
		t.Errorf("it is read %d times", l.reads())
	}
}

// A broken file is read once, and so is one that makes its reader panic: both are found by their names, and others by
// their texts.
func TestBrokenFiles(t *testing.T) {
	l := new(library)
	reading(t, l, func(t *testing.T, c *Chat, ada Actor) {
		for name, act := range map[string]func() (string, error){
			"broken.txt":   func() (string, error) { return "", fmt.Errorf("%w: a cut file", ErrNoFileText) },
			"panics.txt":   func() (string, error) { panic("a parser") },
			"disk.txt":     func() (string, error) { return "", errors.New("the disk fails") },
			"sometime.txt": nil,
		} {
			file := Attachment{ID: NewID(), Name: name, Type: "text/plain", Size: 5}
			if tried := 0; act == nil {
				act = func() (string, error) {
					if tried++; tried < maxTextTries {
						return "", errors.New("not now")
					}
					return "a needle", nil
				}
			}
			l.does(file.ID, act)
			must(t, errOf2(c.Messages.Post(t.Context(), ada, "general-talk", Draft{Files: []Attachment{file}})))
		}
		l.mustSend(t, c, ada, "general-talk", "whole.txt", "a needle")
		time.Sleep(10 * time.Minute)
		if want := 3 + 2*maxTextTries; l.reads() != want {
			t.Errorf("files are read %d times, want %d", l.reads(), want)
		}
		if got := filesText(t, c, ada, "", AllFiles, "needle"); strings.Count(got, "@") != 2 ||
			!strings.Contains(got, "whole.txt") || !strings.Contains(got, "sometime.txt") {
			t.Error(got)
		}
		for _, name := range []string{"broken", "panics", "disk"} {
			if got := filesText(t, c, ada, "", AllFiles, name); !strings.HasPrefix(got, name) {
				t.Error(got)
			}
		}
	})
	if n := strings.Count(l.log.String(), "found by its name only"); n != 3 {
		t.Errorf("%d warnings: %s", n, l.log.String())
	}
}

// A file that is deleted while it waits, or while it is read, leaves no text, and nothing stays of those of a deleted
// message or channel.
func TestTextsEndWithTheirFiles(t *testing.T) {
	l := new(library)
	reading(t, l, func(t *testing.T, c *Chat, ada Actor) {
		remove := func(seq int64) { must(t, errOf2(c.Messages.Delete(t.Context(), ada, "general-talk", seq))) }
		seq := l.mustSend(t, c, ada, "general-talk", "a.txt", "a needle")
		synctest.Wait()
		wantCount(t, c, `SELECT count(*) FROM file_texts`, 1)
		mustIndex(t, c)
		remove(seq)
		wantCount(t, c, `SELECT count(*) FROM file_texts`, 0)
		if got := filesText(t, c, ada, "", AllFiles, "needle"); got != "" {
			t.Error("it is found after its message was deleted:", got)
		}
		time.Sleep(2 * staleFor)
		must(t, errOf(c.refreshBlock(t.Context())))
		wantCount(t, c, `SELECT count(*) FROM search_blocks WHERE file_words LIKE '%needle%'`, 0)

		l.slow(time.Second)
		seq = l.mustSend(t, c, ada, "general-talk", "b.txt", "a needle")
		synctest.Wait() // it is being read
		remove(seq)
		time.Sleep(time.Minute)
		wantCount(t, c, `SELECT count(*) FROM file_texts`, 0)

		ch := mustChannel(t, c, ada, "Den", Private)
		l.mustSend(t, c, ada, ch.Slug, "c.txt", "a needle")
		time.Sleep(time.Minute)
		wantCount(t, c, `SELECT count(*) FROM file_texts`, 1)
		must(t, errOf(c.Channels.Delete(t.Context(), ada, ch.Slug)))
		c.purge(t.Context())
		wantCount(t, c, `SELECT count(*) FROM file_texts`, 0)
	})
}
