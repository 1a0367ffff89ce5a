package chat

import (
	"context"
	"path"
	"slices"
	"strings"
	"time"

	"chitchat/chat/search"
)

// FileKind says which files are asked for.
type FileKind string

// The kinds of files.
const (
	AllFiles   FileKind = ""
	Images     FileKind = "images"
	Documents  FileKind = "documents"
	OtherFiles FileKind = "other"
)

// FileKinds has all of them.
var FileKinds = []FileKind{AllFiles, Images, Documents, OtherFiles}

// factOfKind is what the index says of the messages that have such a file.
var factOfKind = map[FileKind]string{
	AllFiles: factFile, Images: factImage, Documents: factDocument, OtherFiles: factOtherFile,
}

// documentTypes are how the types of documents begin, besides texts.
var documentTypes = []string{
	"application/pdf", "application/rtf", "application/epub", "application/msword", "application/vnd.ms-excel",
	"application/vnd.ms-powerpoint", "application/vnd.openxmlformats-officedocument.",
	"application/vnd.oasis.opendocument.",
}

// documentNames are how the names of documents end whose content is an archive, or a format that is not recognized:
// their type is then application/octet-stream.
var documentNames = []string{
	".doc", ".docx", ".epub", ".odp", ".ods", ".odt", ".ppt", ".pptx", ".rtf", ".xls", ".xlsx",
}

// kindOf returns the kind of a file by its name and MIME type.
func kindOf(name, mime string) FileKind {
	switch {
	case strings.HasPrefix(mime, "image/"):
		return Images
	case slices.Contains(documentNames, strings.ToLower(path.Ext(name))):
		return Documents
	case strings.HasPrefix(mime, "text/"), slices.ContainsFunc(documentTypes, func(prefix string) bool {
		return strings.HasPrefix(mime, prefix)
	}):
		return Documents
	}
	return OtherFiles
}

// FileQuery says which files are asked for: those that have each word of Text as a part of their name, or each in what
// is in them, without regard to case, accents and width. What is in quotation marks is one word.
type FileQuery struct {
	Text   string
	Kind   FileKind
	Before ListPlace
}

// SharedFile is a file of a message.
type SharedFile struct {
	Attachment
	By      User
	At      time.Time
	Channel Channel
	Thread  ThreadRef // of a reply
	Seq     int64     // of the message
	Excerpt Excerpt   // of a file that was found by what is in it
}

// FilePage is a page of files, the newest message's first.
type FilePage struct {
	FileQuery
	Channel  Channel // zero: of all channels
	Files    []SharedFile
	Older    ListPlace // where the next page begins; zero: there is none
	Progress IndexProgress

	words []search.Word
	read  int // bytes of the texts of files
}

// Mark returns a part of the page's HTML with the words that were looked for in mark elements.
func (p FilePage) Mark(html string) string { return search.Mark(html, p.words) }

const filesOnPage = 50

// maxTextsRead is how many bytes of the texts of files a page reads, after which it ends: that takes a fifth of a
// second.
const maxTextsRead = 4 << 20

// A page reads at most so many messages with files, since their names may be others than the one that is looked for.
const (
	filesAtOnce    = 200
	maxFileBatches = 5
)

// Files returns the files of the messages and replies of a channel, or without a slug of all channels that the actor
// sees, the newest first. Files of deleted messages, and pending ones, are not among them.
func (c Messages) Files(ctx context.Context, a Actor, slug string, q FileQuery) (FilePage, error) {
	if a.ID == 0 || a.Session == 0 {
		return FilePage{}, errSignedOut
	}
	q.Text = ListQuery{Text: q.Text}.clean().Text
	p := FilePage{FileQuery: q}
	plan, err := c.newSearchPlan(ctx, a)
	if err != nil {
		return FilePage{}, err
	}
	if slug != "" {
		acc, err := c.access(ctx, a, slug)
		if err != nil {
			return FilePage{}, err
		}
		if p.Channel, err = c.channelFor(ctx, a, acc.cached); err != nil {
			return FilePage{}, err
		}
		plan.named = [][]ID{{acc.cached.ID}}
		plan.query.Any = append(plan.query.Any, []search.Condition{{Class: classOther}})
	}
	plan.query.Any = append(plan.query.Any, []search.Condition{{Fact: factOfKind[q.Kind]}})
	p.words = fileWords(q.Text)
	plan.query.Words, plan.inFiles = p.words, len(p.words) > 0 // the names are indexed with the messages
	if p.Progress, err = c.messagesToNumber(ctx); err != nil {
		return FilePage{}, err
	}
	p.Older = q.Before
	for range maxFileBatches {
		hits, err := plan.before(ctx, p.Older, filesAtOnce)
		if err != nil {
			return FilePage{}, err
		}
		if full, err := c.readFiles(ctx, a, hits, &p); err != nil || full {
			return p, err
		}
		if len(hits) < filesAtOnce {
			p.Older = ListPlace{}
			return p, nil
		}
	}
	return p, nil
}

// readFiles adds those of the messages' files that are asked for to the page, and moves its end to the last message
// that it has looked at. It reports whether the page is full.
func (c *core) readFiles(ctx context.Context, a Actor, hits []foundPlace, p *FilePage) (full bool, err error) {
	seen, err := c.feedsOf(ctx, a, hits)
	if err != nil {
		return false, err
	}
	files, err := filesAt(ctx, c.db, hits)
	if err != nil {
		return false, err
	}
	var channels []*cachedChannel
	for _, in := range seen {
		channels = append(channels, in.gate())
	}
	shown, err := c.channelsFor(ctx, a, channels)
	if err != nil {
		return false, err
	}
	for _, h := range hits {
		if len(p.Files) >= filesOnPage || p.read >= maxTextsRead {
			return true, nil
		}
		p.Older = placeOfHit(h.Hit)
		in := seen[h.feed]
		if in == nil {
			continue
		}
		for _, f := range files[h.place] {
			if p.Kind != AllFiles && kindOf(f.Name, f.Type) != p.Kind {
				continue
			}
			if found, err := c.findInFile(ctx, h.place, &f, p); err != nil || !found {
				if err != nil {
					return false, err
				}
				continue
			}
			f.By, f.Channel, f.Thread, f.Seq = c.hub.profiles.latest(f.By), shown[in.gate().ID], in.ref(), h.seq
			p.Files = append(p.Files, f)
		}
	}
	return false, nil
}

// findInFile reports whether the words that are looked for are in the name of a file, or in its text, of which the file
// then gets an excerpt.
func (c *core) findInFile(ctx context.Context, at place, f *SharedFile, p *FilePage) (bool, error) {
	if search.NewFolded(f.Name).Has(p.words) {
		return true, nil
	}
	text, err := fileText(ctx, c.db, at, f.ID)
	if err != nil || text == "" {
		return false, err
	}
	p.read += len(text)
	folded := search.NewFolded(text)
	if !folded.Has(p.words) {
		return false, nil
	}
	f.Excerpt = excerptOf(text, folded, p.words)
	return true, nil
}
