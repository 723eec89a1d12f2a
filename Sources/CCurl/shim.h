// SPDX-License-Identifier: Apache-2.0
// libcurl's variadic functions and callbacks, which Swift cannot see, as inline functions.
#ifndef TIEOUT_CCURL_H
#define TIEOUT_CCURL_H
#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// What one transfer has received so far.
typedef struct {
    unsigned char *body;
    size_t body_count, body_room, body_most;
    unsigned char *head;
    size_t head_count, head_room;
    // The body was larger than `body_most`, or the headers than 256 KB.
    int is_too_large;
    // The name led to an address that no business system has.
    int is_refused_address;
} tieout_reply;

typedef struct {
    long connect_ms, total_ms, idle_seconds;
    // A file with certificates to trust besides none other; NULL: those of the machine.
    const char *ca_file;
    // Where every request goes through; NULL: what the environment says (http_proxy, HTTPS_PROXY, ALL_PROXY, NO_PROXY).
    const char *proxy;
    const char *user_agent;
    // 1: on a connection of its own, because libcurl sends again by itself what it sent on a used one that died.
    long is_once;
} tieout_transfer_setting;

static inline int tieout_append(unsigned char **bytes, size_t *count, size_t *room, size_t most, const char *more,
                                size_t length) {
    if (length > most - *count) return 0;
    if (*count + length > *room) {
        size_t wanted = *room < 16384 ? 16384 : *room * 2;
        while (wanted < *count + length) wanted *= 2;
        unsigned char *grown = (unsigned char *)realloc(*bytes, wanted);
        if (grown == NULL) return 0;
        *bytes = grown;
        *room = wanted;
    }
    memcpy(*bytes + *count, more, length);
    *count += length;
    return 1;
}

static inline size_t tieout_on_body(char *data, size_t size, size_t items, void *user) {
    tieout_reply *reply = (tieout_reply *)user;
    size_t length = size * items;
    if (!tieout_append(&reply->body, &reply->body_count, &reply->body_room, reply->body_most, data, length)) {
        reply->is_too_large = 1;
        return 0;
    }
    return length;
}

static inline size_t tieout_on_head(char *data, size_t size, size_t items, void *user) {
    tieout_reply *reply = (tieout_reply *)user;
    size_t length = size * items;
    // A new status line (100 Continue, a proxy's own answer) begins the headers anew.
    if (length > 5 && memcmp(data, "HTTP/", 5) == 0) reply->head_count = 0;
    if (!tieout_append(&reply->head, &reply->head_count, &reply->head_room, 256 * 1024, data, length)) {
        reply->is_too_large = 1;
        return 0;
    }
    return length;
}

// Link-local, unspecified and multicast addresses, and the metadata services of clouds.
static inline int tieout_is_refused_v4(const unsigned char *a) {
    if (a[0] == 169 && a[1] == 254) return 1;
    if (a[0] == 0 || a[0] >= 224) return 1;
    if (a[0] == 100 && a[1] == 100 && a[2] == 100 && a[3] == 200) return 1;
    if (a[0] == 168 && a[1] == 63 && a[2] == 129 && a[3] == 16) return 1;
    return 0;
}

static inline int tieout_is_refused_v6(const unsigned char *a) {
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    static const unsigned char metadata[16] = {0xfd, 0, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0x54};
    static const unsigned char none[16] = {0};
    if (memcmp(a, mapped, 12) == 0) return tieout_is_refused_v4(a + 12);
    if (a[0] == 0xfe && (a[1] & 0xc0) == 0x80) return 1;
    return a[0] == 0xff || memcmp(a, metadata, 16) == 0 || memcmp(a, none, 16) == 0;
}

// A number for a host, however it is written: a proxy would go there, and no socket of ours shows it.
static inline int tieout_is_refused_url(const char *url) {
    CURLU *parts = curl_url();
    char *host = NULL;
    unsigned char bytes[16];
    int refused = 0;
    if (parts == NULL) return 1;
    if (curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
        curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK) {
        size_t length = strlen(host);
        if (length > 2 && host[0] == '[') {
            host[length - 1] = 0;
            refused = inet_pton(AF_INET6, host + 1, bytes) == 1 && tieout_is_refused_v6(bytes);
        } else {
            refused = inet_pton(AF_INET, host, bytes) == 1 && tieout_is_refused_v4(bytes);
        }
    }
    curl_free(host);
    curl_url_cleanup(parts);
    return refused;
}

// Asked after the name was resolved and before anything is sent, so that no name can lead past it.
static inline curl_socket_t tieout_on_socket(void *user, curlsocktype purpose, struct curl_sockaddr *address) {
    (void)purpose;
    tieout_reply *reply = (tieout_reply *)user;
    int refused = 0;
    if (address->family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, &address->addr, sizeof v4);
        refused = tieout_is_refused_v4((const unsigned char *)&v4.sin_addr);
    } else if (address->family == AF_INET6) {
        struct sockaddr_in6 v6;
        // libcurl keeps room for the larger address behind the field.
        memcpy(&v6, (const unsigned char *)address + offsetof(struct curl_sockaddr, addr), sizeof v6);
        refused = tieout_is_refused_v6((const unsigned char *)&v6.sin6_addr);
    } else {
        refused = 1;
    }
    if (refused) {
        reply->is_refused_address = 1;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static inline tieout_reply *tieout_reply_make(size_t most) {
    tieout_reply *reply = (tieout_reply *)calloc(1, sizeof(tieout_reply));
    if (reply != NULL) reply->body_most = most;
    return reply;
}

static inline void tieout_reply_free(tieout_reply *reply) {
    free(reply->body);
    free(reply->head);
    free(reply);
}

// A transfer that is ready to be added to a multi handle; NULL when libcurl has no memory or lacks an option.
static inline CURL *tieout_transfer_make(const char *url, const char *method, const unsigned char *body, long length,
                                         struct curl_slist *headers, tieout_reply *reply,
                                         const tieout_transfer_setting *setting) {
    CURL *easy = curl_easy_init();
    if (easy == NULL) return NULL;
    int bad = 0;
    bad |= curl_easy_setopt(easy, CURLOPT_URL, url);
    bad |= curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    bad |= curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "https");
    bad |= curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    bad |= curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    bad |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    bad |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    bad |= curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (setting->ca_file != NULL) bad |= curl_easy_setopt(easy, CURLOPT_CAINFO, setting->ca_file);
    if (setting->proxy != NULL) {
        bad |= curl_easy_setopt(easy, CURLOPT_PROXY, setting->proxy);
        bad |= curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
    }
    // The system's credentials are for the system alone, and its answer's headers are not the proxy's.
    bad |= curl_easy_setopt(easy, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
    bad |= curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    bad |= curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    bad |= curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, setting->connect_ms);
    bad |= curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, setting->total_ms);
    bad |= curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    bad |= curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, setting->idle_seconds);
    bad |= curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)reply->body_most);
    bad |= curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    bad |= curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    bad |= curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    bad |= curl_easy_setopt(easy, CURLOPT_USERAGENT, setting->user_agent);
    bad |= curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    bad |= curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, tieout_on_body);
    bad |= curl_easy_setopt(easy, CURLOPT_WRITEDATA, reply);
    bad |= curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, tieout_on_head);
    bad |= curl_easy_setopt(easy, CURLOPT_HEADERDATA, reply);
    bad |= curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, tieout_on_socket);
    bad |= curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, reply);
    bad |= curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, setting->is_once);
    if (body != NULL) {
        bad |= curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, length);
        bad |= curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, (const char *)body);
    }
    bad |= curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method);
    if (bad) {
        curl_easy_cleanup(easy);
        return NULL;
    }
    return easy;
}

static inline long tieout_transfer_status(CURL *easy) {
    long status = 0;
    return curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK ? status : 0;
}

// What a proxy said to CONNECT; 0 where none was asked.
static inline long tieout_transfer_tunnel(CURL *easy) {
    long status = 0;
    return curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &status) == CURLE_OK ? status : 0;
}

// The next transfer that ended, with its result; NULL when none did.
static inline CURL *tieout_multi_done(CURLM *multi, int *code) {
    int left = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        if (message->msg != CURLMSG_DONE) continue;
        *code = (int)message->data.result;
        return message->easy_handle;
    }
    return NULL;
}

static inline CURLM *tieout_multi_make(long connections) {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return NULL;
    CURLM *multi = curl_multi_init();
    if (multi == NULL) return NULL;
    curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, connections);
    return multi;
}
#endif
