// A model server that streams, and a client of it, with the least of their own cost.
//   llm_stream upstream PORT
//   llm_stream client PORT STREAMS REQUESTS TOKENS RATE   (RATE tokens per second and stream, 0 as fast as they go)
// Every token carries the instant at which it was sent, so that the client knows how long it was on its way.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define STAMP "\"created_at\":\""
#define STAMP_DIGITS 20

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void sleep_until(int64_t ns)
{
    struct timespec t = {ns / 1000000000LL, ns % 1000000000LL};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
}

static int send_all(int fd, const char *data, size_t length)
{
    while (length > 0)
    {
        ssize_t sent = send(fd, data, length, MSG_NOSIGNAL);
        if (sent <= 0) return 0;
        data += sent;
        length -= sent;
    }
    return 1;
}

static int64_t number_of(const char *body, const char *name)
{
    const char *at = strstr(body, name);
    return at ? atoll(at + strlen(name)) : 0;
}

// Reads one request; 0 when the connection has ended.
static int read_request(int fd, char *buffer, size_t size)
{
    size_t length = 0;
    for (;;)
    {
        ssize_t got = recv(fd, buffer + length, size - 1 - length, 0);
        if (got <= 0) return 0;
        length += got;
        buffer[length] = 0;
        char *end = strstr(buffer, "\r\n\r\n");
        if (!end) continue;
        char *header = strcasestr(buffer, "content-length:");
        if (header && length >= (size_t)(end + 4 - buffer) + atoll(header + 15)) return 1;
        if (!header && strstr(end, "}")) return 1;
    }
}

static int send_chunk(int fd, const char *text, int length)
{
    char framed[1024];
    int size = snprintf(framed, sizeof framed, "%x\r\n%.*s\r\n", length, length, text);
    return send_all(fd, framed, size);
}

static void *serve(void *argument)
{
    int fd = (int)(intptr_t)argument, on = 1;
    char request[65536], line[512];
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    while (read_request(fd, request, sizeof request))
    {
        int64_t tokens = number_of(request, "\"num_predict\":"), rate = number_of(request, "\"rate\":"), start = now_ns();
        static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n";
        if (!send_all(fd, head, sizeof head - 1)) break;
        for (int64_t i = 0; i < tokens; i++)
        {
            if (rate > 0) sleep_until(start + i * 1000000000LL / rate);
            int length = snprintf(line, sizeof line,
                "{\"model\":\"double\"," STAMP "%0*lld\",\"message\":{\"role\":\"assistant\",\"content\":\" token\"},\"done\":false}\n", STAMP_DIGITS, (long long)now_ns());
            if (!send_chunk(fd, line, length)) goto closed;
        }
        int length = snprintf(line, sizeof line,
            "{\"model\":\"double\",\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":9,"
            "\"eval_count\":%lld,\"eval_duration\":%lld}\n", (long long)tokens, (long long)(now_ns() - start));
        if (!send_chunk(fd, line, length) || !send_all(fd, "0\r\n\r\n", 5)) break;
    }
closed:
    close(fd);
    return NULL;
}

static int upstream(int port)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 512)) return perror("upstream"), 1;
    for (;;)
    {
        int client = accept(fd, NULL, NULL);
        pthread_t thread;
        if (client >= 0 && pthread_create(&thread, NULL, serve, (void *)(intptr_t)client) == 0) pthread_detach(thread);
    }
}

struct stream
{
    int port, requests;
    int64_t tokens, rate, taken, firsts_taken;
    int64_t *latencies, *firsts;
};

// A reply on its way: who is in between may cut it into other chunks.
struct body
{
    int in_body, line_breaks, ended;
    int64_t left;
    char size_line[32];
    int size_length;
};

// Copies what is payload to `to`, which has room for all of it; returns its length.
static size_t unchunk(struct body *body, const char *from, size_t length, char *to)
{
    size_t written = 0;
    for (size_t i = 0; i < length;)
    {
        if (body->left > 0)
        {
            size_t part = length - i < (size_t)body->left ? length - i : (size_t)body->left;
            memcpy(to + written, from + i, part);
            written += part;
            i += part;
            body->left -= part;
            continue;
        }
        char c = from[i++];
        if (!body->in_body)
        {
            body->line_breaks = c == '\n' ? body->line_breaks + 1 : c == '\r' ? body->line_breaks : 0;
            body->in_body = body->line_breaks == 2;
        }
        else if (c != '\n')
        {
            if (c != '\r' && body->size_length < 31) body->size_line[body->size_length++] = c;
        }
        else if (body->size_length > 0)
        {
            body->size_line[body->size_length] = 0;
            body->size_length = 0;
            body->left = strtoll(body->size_line, NULL, 16);
            if (body->left == 0) body->line_breaks = 0, body->ended = 1;
        }
    }
    return written;
}

static void *consume(void *argument)
{
    struct stream *stream = argument;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(stream->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(fd, (struct sockaddr *)&address, sizeof address)) { perror("client"); exit(1); }
    static const size_t size = 1 << 18;
    char *raw = malloc(size), *buffer = malloc(size + 65), body[256], request[512];
    for (int i = 0; i < stream->requests; i++)
    {
        int length = snprintf(body, sizeof body, "{\"model\":\"double\",\"options\":{\"num_predict\":%lld,\"rate\":%lld},\"messages\":[]}",
            (long long)stream->tokens, (long long)stream->rate);
        length = snprintf(request, sizeof request, "POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", length, body);
        int64_t asked = now_ns(), first = 0;
        if (!send_all(fd, request, length)) { fprintf(stderr, "client: the connection was lost\n"); exit(1); }
        struct body reply = {0};
        size_t held = 0;
        while (!reply.ended)
        {
            ssize_t got = recv(fd, raw, size, 0);
            int64_t now = now_ns();
            if (got <= 0) { fprintf(stderr, "client: the stream was broken\n"); exit(1); }
            held += unchunk(&reply, raw, got, buffer + held);
            char *at = buffer, *end = buffer + held, *found;
            while ((found = memmem(at, end - at, STAMP, sizeof STAMP - 1)) && end - found >= (ssize_t)(sizeof STAMP - 1 + STAMP_DIGITS))
            {
                if (!first) stream->firsts[stream->firsts_taken++] = (first = now) - asked;
                stream->latencies[stream->taken++] = now - atoll(found + sizeof STAMP - 1);
                at = found + sizeof STAMP - 1 + STAMP_DIGITS;
            }
            // What is left may be the beginning of a stamp
            size_t left = end - at > 64 ? 64 : end - at;
            memmove(buffer, end - left, left);
            held = left;
        }
    }
    close(fd);
    free(raw);
    free(buffer);
    return NULL;
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static int client(int port, int streams, int requests, int64_t tokens, int64_t rate)
{
    struct stream *all = calloc(streams, sizeof *all);
    pthread_t *threads = calloc(streams, sizeof *threads);
    int64_t started = now_ns(), taken = 0, firsts_taken = 0;
    for (int i = 0; i < streams; i++)
    {
        all[i] = (struct stream){port, requests, tokens, rate, 0, 0, calloc(requests * tokens, sizeof(int64_t)), calloc(requests, sizeof(int64_t))};
        if (pthread_create(&threads[i], NULL, consume, &all[i])) return perror("thread"), 1;
    }
    int64_t *latencies = calloc(streams * requests * tokens, sizeof(int64_t)), *firsts = calloc(streams * requests, sizeof(int64_t));
    for (int i = 0; i < streams; i++)
    {
        pthread_join(threads[i], NULL);
        memcpy(latencies + taken, all[i].latencies, all[i].taken * sizeof(int64_t));
        memcpy(firsts + firsts_taken, all[i].firsts, all[i].firsts_taken * sizeof(int64_t));
        taken += all[i].taken;
        firsts_taken += all[i].firsts_taken;
    }
    double seconds = (now_ns() - started) / 1e9;
    if (taken != (int64_t)streams * requests * tokens) return fprintf(stderr, "client: %lld tokens came\n", (long long)taken), 1;
    qsort(latencies, taken, sizeof *latencies, by_value);
    qsort(firsts, firsts_taken, sizeof *firsts, by_value);
    printf("%lld %.6f %.3f %.3f %.3f %.3f %.3f\n", (long long)taken, seconds, latencies[taken / 2] / 1e3, latencies[taken * 99 / 100] / 1e3,
        latencies[taken * 999 / 1000] / 1e3, firsts[firsts_taken / 2] / 1e3, firsts[firsts_taken * 99 / 100] / 1e3);
    return 0;
}

int main(int count, char **arguments)
{
    signal(SIGPIPE, SIG_IGN);
    // The kernel may otherwise be 50 µs late with every token
    prctl(PR_SET_TIMERSLACK, 1);
    if (count == 3 && strcmp(arguments[1], "upstream") == 0) return upstream(atoi(arguments[2]));
    if (count == 7 && strcmp(arguments[1], "client") == 0)
        return client(atoi(arguments[2]), atoi(arguments[3]), atoi(arguments[4]), atoll(arguments[5]), atoll(arguments[6]));
    return fprintf(stderr, "see the top of the source\n"), 2;
}
