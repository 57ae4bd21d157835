package io.navarch.images.registry;

/// What a client of the registry is told instead of what it asked for.
///
/// Source: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#error-codes
final class RegistryException extends Exception {
    /// The codes of the protocol, each with the status that comes with it.
    enum Code {
        BLOB_UNKNOWN(404),
        BLOB_UPLOAD_INVALID(400),
        BLOB_UPLOAD_UNKNOWN(404),
        DIGEST_INVALID(400),
        MANIFEST_BLOB_UNKNOWN(400),
        MANIFEST_INVALID(400),
        MANIFEST_UNKNOWN(404),
        NAME_INVALID(400),
        NAME_UNKNOWN(404),
        SIZE_INVALID(400),
        UNAUTHORIZED(401),
        DENIED(403),
        UNSUPPORTED(405),
        TOOMANYREQUESTS(429);

        private final int status;

        Code(int status) {
            this.status = status;
        }
    }

    private final Code code;
    private final int status;

    RegistryException(Code code, String message) {
        this(code, code.status, message);
    }

    /// With a status that says more than the code.
    RegistryException(Code code, int status, String message) {
        super(message);
        this.code = code;
        this.status = status;
    }

    Code code() {
        return code;
    }

    int status() {
        return status;
    }
}
