package alert

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/mail"
	"strings"
)

// messageID is the Message-ID of a delivery, with its angle brackets (RFC 5322, 3.6.4). The same delivery has the
// same one for ever; the random id of the installation keeps two databases apart.
func messageID(installation string, changeID int64, subscription, recipient, from string) string {
	return fmt.Sprintf("<%s@%s>", digest(installation, changeID, subscription, recipient), domain(from))
}

// alertID is what the mails of one alert to several recipients have in common.
func alertID(installation string, changeID int64, subscription string) string {
	return digest(installation, changeID, subscription)
}

func digest(installation string, changeID int64, rest ...string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s|%d|%s", installation, changeID, strings.Join(rest, "|")))
	return hex.EncodeToString(sum[:16])
}

// domain is that of the sender's address, which LoadConfig has checked.
func domain(from string) string {
	a, err := mail.ParseAddress(from)
	if err != nil {
		return "localhost"
	}
	return a.Address[strings.LastIndexByte(a.Address, '@')+1:]
}
