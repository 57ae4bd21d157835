package io.navarch.apiserver.request;

/// Names of HTTP headers, and the media types that are not negotiated.
public final class Headers {
    public static final String ACCEPT = "Accept";
    public static final String ACCEPT_ENCODING = "Accept-Encoding";
    public static final String AUTHORIZATION = "Authorization";
    public static final String CACHE_CONTROL = "Cache-Control";
    public static final String CONNECTION = "Connection";
    public static final String CONTENT_ENCODING = "Content-Encoding";
    public static final String CONTENT_TYPE = "Content-Type";
    public static final String ETAG = "Etag";
    public static final String HOST = "Host";
    public static final String IF_NONE_MATCH = "If-None-Match";
    public static final String IMPERSONATE_GROUP = "Impersonate-Group";
    public static final String IMPERSONATE_USER = "Impersonate-User";
    public static final String RETRY_AFTER = "Retry-After";
    public static final String UPGRADE = "Upgrade";
    public static final String USER_AGENT = "User-Agent";
    public static final String VARY = "Vary";
    public static final String WARNING = "Warning";

    public static final String JSON = "application/json";
    public static final String YAML = "application/yaml";
    public static final String TEXT = "text/plain; charset=utf-8";

    private Headers() {}
}
