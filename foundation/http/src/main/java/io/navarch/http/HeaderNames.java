package io.navarch.http;

/// The names of HTTP headers.
public final class HeaderNames {
    private HeaderNames() {}

    public static final String ACCEPT = "Accept";
    public static final String ACCEPT_ENCODING = "Accept-Encoding";
    public static final String AUTHORIZATION = "Authorization";
    public static final String CACHE_CONTROL = "Cache-Control";
    public static final String CONNECTION = "Connection";
    public static final String CONTENT_ENCODING = "Content-Encoding";
    public static final String CONTENT_LENGTH = "Content-Length";
    public static final String CONTENT_TYPE = "Content-Type";
    public static final String ETAG = "Etag";
    /// The UID of the flow schema that a call belongs to.
    public static final String FLOW_SCHEMA = "X-Kubernetes-Pf-Flowschema-Uid";

    public static final String HOST = "Host";
    public static final String IF_NONE_MATCH = "If-None-Match";
    /// Followed by the key of an extra value.
    public static final String IMPERSONATE_EXTRA = "Impersonate-Extra-";

    public static final String IMPERSONATE_GROUP = "Impersonate-Group";
    public static final String IMPERSONATE_UID = "Impersonate-Uid";
    public static final String IMPERSONATE_USER = "Impersonate-User";
    public static final String LOCATION = "Location";
    /// The UID of the priority level that a call was served at.
    public static final String PRIORITY_LEVEL = "X-Kubernetes-Pf-Prioritylevel-Uid";

    public static final String RETRY_AFTER = "Retry-After";
    public static final String SEC_WEBSOCKET_PROTOCOL = "Sec-WebSocket-Protocol";
    public static final String TRANSFER_ENCODING = "Transfer-Encoding";
    public static final String UPGRADE = "Upgrade";
    public static final String USER_AGENT = "User-Agent";
    public static final String VARY = "Vary";
    public static final String WARNING = "Warning";
    public static final String X_FORWARDED_FOR = "X-Forwarded-For";
    public static final String X_FORWARDED_HOST = "X-Forwarded-Host";
    public static final String X_FORWARDED_PROTO = "X-Forwarded-Proto";
    public static final String X_FORWARDED_URI = "X-Forwarded-Uri";
}
