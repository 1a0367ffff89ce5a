package handlers

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/fasthttp/websocket"

	"chitchat/chat"
	"chitchat/views"
)

// frames are buffers for what is written: sockets are many, and mostly silent.
var frames = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func (k *socket) deliver() error {
	batch, err := k.listener.Take(context.Background())
	if err != nil {
		k.Log.LogAttrs(context.Background(), slog.LevelError, "a socket failed", slog.String("user", k.actor.ID.String()), slog.Any("error", err))
		k.sayClose(int(chat.CloseSlow))
		return err
	}
	frame := frames.Get().(*bytes.Buffer)
	frame.Reset()
	defer frames.Put(frame)
	if err := k.frame(frame, batch); err != nil || frame.Len() == 0 {
		return err
	}
	if err := k.conn.SetWriteDeadline(time.Now().Add(frameTimeout)); err != nil {
		return err
	}
	return k.conn.WriteMessage(websocket.TextMessage, frame.Bytes())
}

// frame renders a batch. Rows come before counts, so that nobody sees a number without its message.
func (k *socket) frame(w *bytes.Buffer, b chat.Batch) error {
	ctx := context.Background()
	var err error
	if b.Renew != nil {
		err = views.LiveRenew(*b.Renew).Render(ctx, w)
	}
	if len(b.Rows) > 0 {
		err = errors.Join(err, views.LiveRows(w, b.Rows))
	}
	if b.Facts != nil {
		err = errors.Join(err, views.LiveFacts(*b.Facts).Render(ctx, w))
	}
	if len(b.Names) > 0 {
		err = errors.Join(err, views.LiveNames(b.Names, b.NamesRev).Render(ctx, w))
	}
	if b.Channels != nil {
		err = errors.Join(err, views.LiveChannels(b.Channels, k.channel.ID).Render(ctx, w))
	}
	if len(b.Unread) > 0 {
		err = errors.Join(err, views.LiveUnread(b.Unread).Render(ctx, w))
	}
	if b.Online > 0 {
		err = errors.Join(err, views.LiveOnline(b.Online).Render(ctx, w))
	}
	return err
}
