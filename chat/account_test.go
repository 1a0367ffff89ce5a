package chat

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

const goodPassword = "seven green otters"

func mustProtect(t testing.TB, c *Chat, a Actor, password string) {
	t.Helper()
	if err := c.Accounts.SetPassword(t.Context(), a, "", password); err != nil {
		t.Fatal(err)
	}
}

func TestPasswordHash(t *testing.T) {
	atRealCost(t)
	h := newHasher()
	hash, err := h.hash(t.Context(), goodPassword)
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatal(hash, err)
	}
	for password, want := range map[string]bool{goodPassword: true, goodPassword + " ": false, "": false} {
		if ok, err := h.check(t.Context(), password, hash); ok != want || err != nil {
			t.Errorf("%q: %v, %v", password, ok, err)
		}
	}
	if ok, err := h.check(t.Context(), goodPassword, ""); ok || err != nil {
		t.Errorf("nobody's hash: %v, %v", ok, err)
	}
	composed, err := h.hash(t.Context(), "caf\u00e9 au lait")
	if ok, _ := h.check(t.Context(), "cafe\u0301 au lait", composed); !ok || err != nil {
		t.Error("the same word from another keyboard is another password")
	}
	for _, broken := range []string{"x", "$argon2id$v=19$m=19456,t=2,p=1$AAAA", "$argon2i$v=19$m=1,t=1,p=1$AA$AA",
		"$argon2id$v=19$m=8,t=0,p=1$AA$AA"} {
		if ok, err := h.check(t.Context(), "", broken); ok || err == nil {
			t.Errorf("%q: %v, %v", broken, ok, err)
		}
	}
}

func TestPasswordRules(t *testing.T) {
	for password, ok := range map[string]bool{
		goodPassword: true, "1234567": false, "Password1": false, "QWERTYUIOP": false, "aaaaaaaaaaaaa": false,
		"ada lovelace": false, "ADA  Lovelace": false, strings.Repeat("xy", 512): true,
		strings.Repeat("xy", 512) + "z":    false,
		"\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8": false, "\x00234567890a": false, "żółw się człapie": true, "        ": false,
	} {
		if err := cleanPassword(password, "Ada Lovelace"); (err == nil) != ok {
			t.Errorf("%.40q: %v", password, err)
		}
	}
}

func TestPassword(t *testing.T) {
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	mustProtect(t, c, ada, goodPassword)

	t.Run("lets in from another device, with everything kept", func(t *testing.T) {
		again, err := c.Accounts.SignInWithPassword(t.Context(), " aDA", goodPassword)
		if err != nil || again.ID != ada.ID || again.Session == ada.Session || again.Name != "Ada" {
			t.Fatal(again, err)
		}
		if _, err := c.Accounts.Authenticate(t.Context(), again.ID, again.Session); err != nil {
			t.Error(err)
		}
	})
	t.Run("answers wrong names and wrong passwords alike", func(t *testing.T) {
		mustSignIn(t, c, "Bob")
		for _, try := range [][2]string{{"Ada", "wrong"}, {"Nobody", goodPassword}, {"Bob", goodPassword}, {"", ""},
			{"Ada", ""}, {strings.Repeat("x", 50000), "x"}} {
			_, err := c.Accounts.SignInWithPassword(t.Context(), try[0], try[1])
			if err == nil || err.Error() != errWrongPassword.Error() {
				t.Errorf("%.20q: %v", try, err)
			}
		}
	})
	t.Run("keeps the name while nobody is signed in", func(t *testing.T) {
		eve := mustSignIn(t, c, "Eve")
		mustProtect(t, c, eve, goodPassword)
		if err := c.Accounts.SignOut(t.Context(), eve); err != nil {
			t.Fatal(err)
		}
		_, err := c.Accounts.SignIn(t.Context(), "Eve")
		wantCode(t, err, CodeInvalid)
		if back, err := c.Accounts.SignInWithPassword(t.Context(), "Eve", goodPassword); err != nil || back.ID != eve.ID {
			t.Error(back, err)
		}
	})
	t.Run("is not replaced without the old one", func(t *testing.T) {
		for _, current := range []string{"", "wrong"} {
			err := c.Accounts.SetPassword(t.Context(), ada, current, "another good one")
			wantCode(t, err, CodeInvalid)
		}
	})
	t.Run("signs the other devices out when it changes", func(t *testing.T) {
		other, err := c.Accounts.SignInWithPassword(t.Context(), "Ada", goodPassword)
		if err != nil {
			t.Fatal(err)
		}
		mine, theirs := mustListen(t, c, ada, Cursor{}), mustListen(t, c, other, Cursor{})
		if err := c.Accounts.SetPassword(t.Context(), ada, goodPassword, "another good one"); err != nil {
			t.Fatal(err)
		}
		wantClosed(t, theirs, CloseSignedOut)
		select {
		case <-mine.Done():
			t.Error("this one was cut too")
		default:
		}
		_, err = c.Accounts.SignInWithPassword(t.Context(), "Ada", goodPassword)
		wantCode(t, err, CodeInvalid)
		var notes int
		if err := c.db.QueryRowContext(t.Context(), `SELECT count(*) FROM audit WHERE user_id = $1`, ada.ID).
			Scan(&notes); err != nil || notes != 2 {
			t.Error("audit:", notes, err)
		}
	})
	t.Run("is hashed anew when hashes cost more", func(t *testing.T) {
		fay := mustSignIn(t, c, "Fay")
		mustProtect(t, c, fay, goodPassword)
		today := passwordCost
		passwordCost.time += 2
		defer func() { passwordCost = today }()
		if _, err := c.Accounts.SignInWithPassword(t.Context(), "Fay", goodPassword); err != nil {
			t.Fatal(err)
		}
		if hash, _, err := selectPassword(t.Context(), c.db, fay.ID); err != nil || !strings.Contains(hash, "t=3,") {
			t.Error(hash, err)
		}
		if _, err := c.Accounts.SignInWithPassword(t.Context(), "Fay", goodPassword); err != nil {
			t.Error(err)
		}
	})
}

// The time of an answer must not reveal whether a name exists: the same hash is computed for each, which takes nearly
// all of that time. BenchmarkSignIn measures it.
func TestSignInTakesAsLongForEveryName(t *testing.T) {
	atRealCost(t)
	c := mustOpen(t, Options{})
	mustProtect(t, c, mustSignIn(t, c, "Known"), goodPassword)
	mustSignIn(t, c, "Unprotected")
	type work struct {
		cost           hashParams
		password, salt int
	}
	var made []work
	c.hasher.key = func(c hashParams, password string, salt []byte) []byte {
		made = append(made, work{c, len(password), len(salt)})
		return c.key(password, salt)
	}
	for _, name := range []string{"Known", "Unknown", "Unprotected", "", strings.Repeat("x", 50000)} {
		made = nil
		_, err := c.Accounts.SignInWithPassword(t.Context(), name, "wrong password")
		wantCode(t, err, CodeInvalid)
		if want := []work{{realCost, len("wrong password"), saltLen}}; !slices.Equal(made, want) {
			t.Errorf("%.20q: the work is %+v, want %+v", name, made, want)
		}
	}
}

// BenchmarkSignIn measures the answer for a name that is known, unknown, or has no password: the times are the same.
func BenchmarkSignIn(b *testing.B) {
	c := mustOpen(b, Options{})
	mustProtect(b, c, mustSignIn(b, c, "Known"), goodPassword)
	mustSignIn(b, c, "Unprotected")
	for _, name := range []string{"Known", "Unknown", "Unprotected"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				_, err := c.Accounts.SignInWithPassword(b.Context(), name, "wrong password")
				wantCode(b, err, CodeInvalid)
			}
		})
	}
}

// Of fifty concurrent calls only a few compute a hash, which takes 19 MiB; the others wait for their turn.
func TestManySignInsTakeLittleMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{})
		mustProtect(t, c, mustSignIn(t, c, "Ada"), goodPassword)
		var under, done atomic.Int64
		finish := make(chan struct{})
		c.hasher.key = func(c hashParams, password string, salt []byte) []byte {
			under.Add(1)
			defer under.Add(-1)
			<-finish
			return c.key(password, salt)
		}
		const all = 50
		codes := make(chan Code, all)
		for i := range all {
			go func() {
				name := "Ada"
				if i%2 == 1 {
					name = fmt.Sprint("nobody ", i)
				}
				_, err := c.Accounts.SignInWithPassword(t.Context(), name, "wrong password")
				done.Add(1)
				codes <- ErrorCode(err)
			}()
		}
		slots := cap(c.hasher.slots)
		if slots < 1 || slots > 8 {
			t.Fatalf("%d hashes at once", slots)
		}
		for finished := range all / 2 {
			synctest.Wait()
			if n := under.Load(); n != int64(slots) || done.Load() != int64(finished) {
				t.Fatalf("when %d are done of %d, %d hashes are being made, want %d", done.Load(), finished, n, slots)
			}
			finish <- struct{}{}
		}
		time.Sleep(hashQueueTimeout - time.Nanosecond)
		synctest.Wait()
		if done.Load() != all/2 {
			t.Errorf("%d have given up before their time", done.Load()-all/2)
		}
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		close(finish)
		refused := map[Code]int{}
		for range all {
			refused[<-codes]++
		}
		if want := all/2 - slots; refused[CodeTooOften] != want || refused[CodeInvalid] != all-want {
			t.Errorf("%v, want %d to have waited for too long", refused, want)
		}
	})
}

// The memory of concurrent hashes is limited by how many are computed at once.
func TestHashesTakeLittleMemory(t *testing.T) {
	atRealCost(t)
	h := newHasher()
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapInuse
	}
	runtime.GC()
	before := heap()
	var peak uint64 // written under a slot
	var mu sync.Mutex
	h.key = func(c hashParams, password string, salt []byte) []byte {
		key := c.key(password, salt) // its memory is not collected yet
		mu.Lock()
		defer mu.Unlock()
		peak = max(peak, heap())
		return key
	}
	var all sync.WaitGroup
	for range 6 * cap(h.slots) {
		all.Go(func() {
			if _, err := h.check(t.Context(), goodPassword, ""); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	grown := (int64(peak) - int64(before)) >> 20
	t.Logf("%d hashes at once took %d MiB", 6*cap(h.slots), grown)
	if most := int64(cap(h.slots)) * 19 * 4; grown > most { // uncollected memory counts too
		t.Errorf("%d MiB, at most %d", grown, most)
	}
}

func TestSessions(t *testing.T) {
	clock := newClock()
	c := mustOpen(t, Options{Now: clock.now, SessionLifetime: 24 * time.Hour, SessionMaxAge: 72 * time.Hour})
	phone := WithDevice(t.Context(), Device{Address: "192.0.2.7", Agent: "Phone\r\n/1.0 " + strings.Repeat("é", 400)})
	ada, err := c.Accounts.SignIn(phone, "Ada")
	if err != nil {
		t.Fatal(err)
	}
	mustProtect(t, c, ada, goodPassword)
	clock.advance(time.Hour)
	var others []Actor
	for range 3 {
		other, err := c.Accounts.SignInWithPassword(t.Context(), "Ada", goodPassword)
		if err != nil {
			t.Fatal(err)
		}
		others = append(others, other)
	}
	bob := mustSignIn(t, c, "Bob")

	t.Run("are listed, this one first", func(t *testing.T) {
		list, err := c.Accounts.Sessions(t.Context(), ada)
		if err != nil || len(list) != 4 || !list[0].Current || list[1].Current || list[0].Address != "192.0.2.7" ||
			!strings.HasPrefix(list[0].Agent, "Phone/1.0") || len(list[0].Agent) > maxAgent {
			t.Errorf("%+v, %v", list, err)
		}
	})
	t.Run("are nobody else's to end", func(t *testing.T) {
		wantCode(t, c.Accounts.EndSession(t.Context(), bob, ada.Session), CodeNotFound)
		wantCode(t, c.Accounts.EndSession(t.Context(), ada, NewID()), CodeNotFound)
		if _, err := c.Accounts.Authenticate(t.Context(), ada.ID, ada.Session); err != nil {
			t.Error(err)
		}
	})
	t.Run("go silent when they are ended", func(t *testing.T) {
		one, all := mustListen(t, c, others[0], Cursor{}), mustListen(t, c, others[1], Cursor{})
		if err := c.Accounts.EndSession(t.Context(), ada, others[0].Session); err != nil {
			t.Fatal(err)
		}
		wantClosed(t, one, CloseSignedOut)
		if n, err := c.Accounts.EndOtherSessions(t.Context(), ada); n != 2 || err != nil {
			t.Error(n, err)
		}
		wantClosed(t, all, CloseSignedOut)
		for _, other := range others {
			_, err := c.Accounts.Authenticate(t.Context(), other.ID, other.Session)
			wantCode(t, err, CodeSignedOut)
		}
	})
	t.Run("end at their greatest age, however much they are used", func(t *testing.T) {
		l := mustListen(t, c, ada, Cursor{})
		for range 3 {
			clock.advance(23 * time.Hour)
			if _, err := c.Accounts.Authenticate(t.Context(), ada.ID, ada.Session); err != nil {
				t.Fatal(err)
			}
		}
		clock.advance(3 * time.Hour)
		_, err := c.Accounts.Authenticate(t.Context(), ada.ID, ada.Session)
		wantCode(t, err, CodeSignedOut)
		if err := c.expireNow(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantClosed(t, l, CloseSignedOut)
	})
}
