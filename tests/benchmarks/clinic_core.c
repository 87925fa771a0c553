/* The reference clinic (see clinic_core.py) as a plain loop with a heap of appointments: how fast the same law can be told in C.
   Usage: clinic_core SEED SIZE; prints appointments and seconds. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define WEEKS 104.0

typedef struct { double when; int person; } Appointment;
typedef struct { double gives_up; int needed, attended, appointments; } Person;

static uint64_t seed;
static double uniform(uint64_t person, uint64_t purpose, uint64_t n) {
    uint64_t x = seed ^ (person * 0x9E3779B97F4A7C15u) ^ (purpose << 56) ^ (n << 40);
    for (int round = 0; round < 2; round++) {
        x += 0x9E3779B97F4A7C15u;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
        x ^= x >> 31;
    }
    return ((double)(x >> 11) + 0.5) * 0x1p-53;
}

static Appointment *heap;
static int booked;
static void push(double when, int person) {
    int i = booked++;
    while (i > 0 && heap[(i - 1) / 2].when > when) { heap[i] = heap[(i - 1) / 2]; i = (i - 1) / 2; }
    heap[i] = (Appointment){when, person};
}
static Appointment pop(void) {
    Appointment first = heap[0], last = heap[--booked];
    int i = 0;
    for (;;) {
        int child = 2 * i + 1;
        if (child >= booked) break;
        if (child + 1 < booked && heap[child + 1].when < heap[child].when) child++;
        if (heap[child].when >= last.when) break;
        heap[i] = heap[child];
        i = child;
    }
    heap[i] = last;
    return first;
}

int main(int count, char **words) {
    seed = count > 1 ? strtoull(words[1], NULL, 10) : 1;
    int size = count > 2 ? atoi(words[2]) : 1, slots = 160 * size, most = (int)(30.0 * size * WEEKS * 1.3) + 1000;
    Person *people = malloc(sizeof(Person) * most);
    heap = malloc(sizeof(Appointment) * (slots + 1));
    long appointments = 0, sessions = 0, repeats = 1;
    struct timespec begins, ends;
    clock_gettime(CLOCK_MONOTONIC, &begins);
    if (size == 1) repeats = 50;
    for (long repeat = 0; repeat < repeats; repeat++, seed += 1000003) {
        int free_slots = slots, asked = 0, head = 0;
        booked = 0;
        double next = -log(uniform(0, 1, 0)) / (30.0 * size);
        while (next < WEEKS || (booked && heap[0].when < WEEKS)) {
            double now;
            if (booked && heap[0].when <= next) {
                Appointment due = pop();
                Person *p = &people[due.person];
                now = due.when;
                if (now >= WEEKS) break;
                appointments++;
                uint64_t n = (uint64_t)++p->appointments;
                int over = 0;
                if (uniform(due.person, 2, n) < 0.88) {
                    sessions++;
                    over = ++p->attended == p->needed;
                }
                if (!over && uniform(due.person, 3, n) < 0.03) over = 1;
                if (over) free_slots++; else push(now + 1.0, due.person);
            } else {
                now = next;
                if (now >= WEEKS) break;
                people[asked] = (Person){now - 26.0 * log(uniform(asked, 4, 0)), 0, 0, 0};
                asked++;
                next = now - log(uniform(asked, 1, 0)) / (30.0 * size);
            }
            while (free_slots && head < asked) {
                Person *p = &people[head];
                if (p->gives_up > now) {
                    int needed = 1 + (int)(log(uniform(head, 5, 0)) / log(1.0 - 1.0 / 8.0));
                    p->needed = needed < 20 ? needed : 20;
                    free_slots--;
                    push(now + 1.0, head);
                }
                head++;
            }
        }
    }
    clock_gettime(CLOCK_MONOTONIC, &ends);
    double seconds = ends.tv_sec - begins.tv_sec + 1e-9 * (ends.tv_nsec - begins.tv_nsec);
    printf("%ld %ld %.9f\n", appointments, sessions, seconds);
    return 0;
}
