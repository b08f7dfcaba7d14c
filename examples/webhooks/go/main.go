// What the user-context page of the reference does in Go: no session after a sign-up. Here as a webhook of authweave,
// and with a route of its own that verifies sessions. Standard library only.
//
// Usage: WEBHOOK_SECRET=whsec_... JWKS_URL=... ISSUER=... go run main.go [PORT]; prints the port once it listens.
package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

const maxBody = 64 * 1024

type object = map[string]any

type event struct {
	Type string `json:"type"`
	Data struct {
		Parameters  object `json:"parameters"`
		UserContext object `json:"user_context"`
		Result      struct {
			Type string `json:"type"`
			User struct {
				LoginMethods []object `json:"login_methods"`
			} `json:"user"`
		} `json:"result"`
	} `json:"data"`
}

// override returns the answer to one request; an empty one goes on.
func override(e event) object {
	switch e.Type {
	case "emailpassword.sign_up.after": // the new user is known, and sign_up_post has not created a session yet
		result := e.Data.Result
		if result.Type == "SignUpOkResult" && len(result.User.LoginMethods) == 1 && e.Data.Parameters["session"] == nil {
			return object{"user_context": object{"isSignUp": true}}
		}
	case "session.create_new_session.before": // a result in its place, so it does not run
		if e.Data.UserContext["isSignUp"] == true {
			return object{"result": object{"type": "EmptySession"}}
		}
	}
	return object{}
}

func sign(key []byte, parts ...string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(strings.Join(parts, ".")))
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func isOurs(header, expected string) bool {
	found := false
	for _, given := range strings.Fields(header) {
		found = hmac.Equal([]byte(given), []byte(expected)) || found
	}
	return found
}

func webhook(key []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			http.Error(w, "too long", http.StatusRequestEntityTooLarge)
			return
		}
		id, at := r.Header.Get("webhook-id"), r.Header.Get("webhook-timestamp")
		seconds, err := strconv.ParseInt(at, 10, 64)
		age := time.Since(time.Unix(seconds, 0)).Abs()
		if err != nil || age > 5*time.Minute || !isOurs(r.Header.Get("webhook-signature"), sign(key, id, at, string(body))) {
			http.Error(w, "not signed", http.StatusUnauthorized)
			return
		}
		var e event
		if err := json.Unmarshal(body, &e); err != nil {
			http.Error(w, "no event", http.StatusBadRequest)
			return
		}
		answer, err := json.Marshal(override(e))
		if err != nil {
			http.Error(w, "no answer", http.StatusInternalServerError)
			return
		}
		w.Header().Set("content-type", "application/json")
		// Over the request too: it answers this one and no other.
		w.Header().Set("webhook-signature", sign(key, id, at, string(body), string(answer)))
		w.Write(answer)
	}
}

var client = &http.Client{Timeout: 5 * time.Second}

type jwk struct{ Kid, Alg, N, E, X, Y string }

func number(text string) *big.Int {
	bytes, _ := base64.RawURLEncoding.DecodeString(text) // of our own server's
	return new(big.Int).SetBytes(bytes)
}

// publicKey returns the key of an id. Its algorithm is what the server says, whatever a token says.
func publicKey(jwksURL, kid string) (crypto.PublicKey, error) {
	answer, err := client.Get(jwksURL) // a service would keep what it read, and read again where a kid is new
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	var set struct{ Keys []jwk }
	if err := json.NewDecoder(io.LimitReader(answer.Body, maxBody)).Decode(&set); err != nil {
		return nil, err
	}
	for _, each := range set.Keys {
		switch {
		case each.Kid == kid && each.Alg == "ES256":
			return &ecdsa.PublicKey{Curve: elliptic.P256(), X: number(each.X), Y: number(each.Y)}, nil
		case each.Kid == kid && each.Alg == "RS256":
			return &rsa.PublicKey{N: number(each.N), E: int(number(each.E).Int64())}, nil
		}
	}
	return nil, errors.New("unknown key")
}

func decode(part string, into any) error {
	text, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// isSigned returns whether a key signed a text. Keys of RSA are for RS256, and those of a curve for ES256.
func isSigned(text string, signature []byte, key crypto.PublicKey) bool {
	digest := sha256.Sum256([]byte(text))
	switch key := key.(type) {
	case *ecdsa.PublicKey:
		if len(signature) != 64 {
			return false
		}
		r, s := new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])
		return ecdsa.Verify(key, digest[:], r, s)
	case *rsa.PublicKey:
		return rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], signature) == nil
	}
	return false
}

// verify returns whose session an access token is of.
func verify(token, jwksURL, issuer string) (string, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return "", errors.New("no token")
	}
	var header struct{ Kid string }
	if err := decode(parts[0], &header); err != nil {
		return "", errors.New("no token of ours")
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		return "", err
	}
	key, err := publicKey(jwksURL, header.Kid)
	if err != nil {
		return "", err
	}
	if !isSigned(parts[0]+"."+parts[1], signature, key) {
		return "", errors.New("signed by somebody else")
	}
	var claims struct {
		Sub, Iss string
		Exp      int64
	}
	if err := decode(parts[1], &claims); err != nil {
		return "", err
	}
	if claims.Iss != issuer || claims.Sub == "" || time.Now().Unix() >= claims.Exp {
		return "", errors.New("expired, of nobody, or of another issuer")
	}
	return claims.Sub, nil
}

func me(jwksURL, issuer string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		user, err := verify(strings.TrimPrefix(r.Header.Get("authorization"), "Bearer "), jwksURL, issuer)
		if err != nil {
			http.Error(w, "no session", http.StatusUnauthorized)
			return
		}
		w.Header().Set("content-type", "application/json")
		json.NewEncoder(w).Encode(object{"user": user})
	}
}

func main() {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(os.Getenv("WEBHOOK_SECRET"), "whsec_"))
	if err != nil || len(key) < 24 {
		log.Fatal("WEBHOOK_SECRET is no secret: whsec_ and 24 bytes or more in Base64")
	}
	jwksURL, issuer := os.Getenv("JWKS_URL"), os.Getenv("ISSUER")
	if jwksURL == "" || issuer == "" {
		log.Fatal("set JWKS_URL and ISSUER")
	}
	port := "0"
	if len(os.Args) > 1 {
		port = os.Args[1]
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	http.HandleFunc("/webhooks", webhook(key))
	http.HandleFunc("/me", me(jwksURL, issuer))
	server := &http.Server{ReadHeaderTimeout: 5 * time.Second}
	log.Fatal(server.Serve(listener))
}
