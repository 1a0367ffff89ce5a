package chat

import (
	"context"
	"errors"
	"strings"
	"time"

	"chitchat/chat/guard"
	"chitchat/chat/sqlite"
)

// FileTexts takes the text out of files. It must bound its time and its memory, and be safe for concurrent use.
type FileTexts interface {
	// FileText returns the text of a file of the file store, which was received as this MIME type: valid UTF-8 without
	// control characters. It is empty for a file without one. The error is ErrNoFileText if to try again does not help.
	FileText(ctx context.Context, id ID, mime string) (string, error)
}

// ErrNoFileText is the error of a FileTexts about a file that is damaged, or takes too much to be read.
var ErrNoFileText = errors.New("chat: the file cannot be read")

// textState says whether the text of an attachment has been taken out.
type textState int

const (
	textNone    textState = iota // it is of a kind without a text, or has none
	textWaiting                  // it is to be taken out
	textTaken
	textFailed // it cannot be
)

// textStateOf returns the state of a new file.
func textStateOf(mime string) textState {
	for _, kind := range []string{"image/", "audio/", "video/"} {
		if strings.HasPrefix(mime, kind) {
			return textNone
		}
	}
	return textWaiting
}

// What may be spent on files in a minute, so that others have the processor, however many are sent.
const (
	maxTextsPerMinute = 120
	maxTextTime       = 20 * time.Second // a file that takes long is finished all the same
)

// maxTextTries is how often a file is tried that could not be read for reasons that are not its own, once a minute.
const maxTextTries = 3

// textTaking takes the texts out of the files of messages, one at a time, after the messages were posted. Only its wake
// is safe for concurrent use.
type textTaking struct {
	files FileTexts
	wake  chan struct{} // receives when a file may wait

	minute int64         // since 1970
	taken  int           // in this minute
	spent  time.Duration // in this minute
	tries  map[ID]int    // that failed
}

func newTextTaking(files FileTexts) *textTaking {
	return &textTaking{files: files, wake: make(chan struct{}, 1), tries: make(map[ID]int)}
}

// wait returns how long nothing more may be done; 0: it may.
func (t *textTaking) wait(now time.Time) time.Duration {
	minute := now.Unix() / 60
	if minute != t.minute {
		t.minute, t.taken, t.spent = minute, 0, 0
	}
	if t.taken < maxTextsPerMinute && t.spent < maxTextTime {
		return 0
	}
	return time.Unix(60*(minute+1), 0).Sub(now)
}

// posted wakes the worker if a message has a file that may have a text.
func (t *textTaking) posted(posts []*post) {
	if t == nil {
		return
	}
	for _, p := range posts {
		for _, f := range p.message.Attachments {
			if textStateOf(f.Type) == textWaiting {
				select {
				case t.wake <- struct{}{}:
				default:
				}
				return
			}
		}
	}
}

// takeTexts takes texts out of files until the chat is closed: first of those that waited when it was started.
func (c *core) takeTexts() {
	for {
		pause, err := time.Duration(0), error(nil)
		failure := guard.Run(c.options.Log, "taking texts out of files", func() { pause, err = c.takeText(c.background) })
		if err != nil && c.background.Err() == nil {
			c.options.Log.Error("taking texts out of files", "error", err)
		}
		var again <-chan time.Time
		switch {
		case failure != nil || err != nil:
			again = time.After(time.Minute)
		case pause >= 0:
			again = time.After(pause)
		}
		wake := c.texts.wake
		if again != nil {
			wake = nil // what has to wait is not tried sooner because more waits
		}
		select {
		case <-again:
		case <-wake:
		case <-c.background.Done():
			return
		}
	}
}

// takeText takes the text out of the newest file that waits. It returns how long to pause before the next one; less
// than 0: none waits. After an error nothing is done for a minute.
func (c *core) takeText(ctx context.Context) (pause time.Duration, err error) {
	t := c.texts
	if pause = t.wait(c.now()); pause > 0 {
		return pause, nil
	}
	file, err := newestWaitingText(ctx, c.db)
	if err != nil || file.ID == 0 {
		return -1, err
	}
	began := c.now()
	text, state := "", textFailed
	if failure := guard.Run(c.options.Log, "taking the text out of a file",
		func() { text, err = t.files.FileText(ctx, file.ID, file.Type) }); failure != nil {
		err = ErrNoFileText // it has been logged
	}
	t.taken, t.spent = t.taken+1, t.spent+c.now().Sub(began)
	switch {
	case ctx.Err() != nil:
		return 0, ctx.Err()
	case err == nil && text == "":
		state = textNone
	case err == nil:
		state = textTaken
	case !errors.Is(err, ErrNoFileText):
		if t.tries[file.ID]++; t.tries[file.ID] < maxTextTries {
			return 0, err
		}
		fallthrough
	default:
		c.options.Log.Warn("a file is found by its name only", "file", file.ID, "error", err)
	}
	delete(t.tries, file.ID)
	return 0, c.keepText(ctx, file.ID, state, text)
}

// keepText stores what became of a file's text, unless the file has been deleted meanwhile.
func (c *core) keepText(ctx context.Context, file ID, state textState, text string) error {
	return c.writer.updateQuietly(ctx, func(ctx context.Context, tx *sqlite.Tx) error {
		return storeText(ctx, tx, file, state, text)
	}, func() {
		if state == textTaken {
			c.unindexed.add(1, len(text))
		}
	})
}
