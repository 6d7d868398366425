// The smallest consumer of vehicle.telemetry.v1: one line per report, each report once.
//
//	go mod init consumer && go mod tidy && go run . (with KAFKA_BROKERS and REGISTRY_URL)
package main

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/hamba/avro/v2"
	"github.com/twmb/franz-go/pkg/kgo"
)

// Report has the fields that this program wants; the others are skipped.
type Report struct {
	VehicleID string    `avro:"vehicleId"`
	FrameID   *[8]byte  `avro:"frameId"`
	EventTime time.Time `avro:"eventTime"`
	Codec     string    `avro:"codec"`
	Vehicle   *struct {
		SpeedKmh   *float64 `avro:"speedKmh"`
		SocPercent *int     `avro:"socPercent"`
	} `avro:"vehicle"`
}

var schemas = map[uint32]avro.Schema{}

// Wire format: 0x00, the schema's id in 4 bytes, Avro. A schema never changes: one look serves.
func decode(value []byte) (report Report, err error) {
	if len(value) < 5 || value[0] != 0 {
		return report, errors.New("want 0x00 and a schema id")
	}
	id := binary.BigEndian.Uint32(value[1:5])
	if schemas[id] == nil {
		if schemas[id], err = fetchSchema(id); err != nil {
			return report, err
		}
	}
	return report, avro.Unmarshal(schemas[id], value[5:], &report)
}

func fetchSchema(id uint32) (avro.Schema, error) {
	answer, err := http.Get(fmt.Sprintf("%s/schemas/ids/%d", os.Getenv("REGISTRY_URL"), id))
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	var body struct{ Schema string }
	if err := json.NewDecoder(answer.Body).Decode(&body); err != nil {
		return nil, err
	}
	return avro.Parse(body.Schema)
}

var recent = map[string][][8]byte{}

// A report may come more than once: (vehicleId, frameId) tells. What must survive a restart keeps
// the ids where it keeps its results.
func isNew(report Report) bool {
	if report.FrameID == nil {
		return true
	}
	ids := recent[report.VehicleID]
	for _, id := range ids {
		if id == *report.FrameID {
			return false
		}
	}
	if len(ids) >= 64 {
		ids = ids[1:]
	}
	recent[report.VehicleID] = append(ids, *report.FrameID)
	return true
}

func main() {
	client, err := kgo.NewClient(
		kgo.SeedBrokers(strings.Split(env("KAFKA_BROKERS", "127.0.0.1:9092"), ",")...),
		kgo.ConsumerGroup(env("GROUP", "example")),
		kgo.ConsumeTopics("vehicle.telemetry.v1"),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
	)
	if err != nil {
		log.Fatal(err)
	}
	for {
		fetches := client.PollFetches(context.Background())
		for _, failed := range fetches.Errors() {
			log.Print(failed.Err)
		}
		fetches.EachRecord(func(record *kgo.Record) {
			report, err := decode(record.Value)
			if err != nil {
				log.Fatal(err)
			}
			if isNew(report) {
				fmt.Println(lineOf(report))
			}
		})
	}
}

func lineOf(report Report) string {
	speed, soc := "-", "-"
	if vehicle := report.Vehicle; vehicle != nil {
		if vehicle.SpeedKmh != nil {
			speed = fmt.Sprint(*vehicle.SpeedKmh)
		}
		if vehicle.SocPercent != nil {
			soc = fmt.Sprint(*vehicle.SocPercent)
		}
	}
	at := report.EventTime.UTC().Format(time.RFC3339Nano)
	return strings.Join([]string{report.VehicleID, at, report.Codec, speed, soc}, " ")
}

func env(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}
