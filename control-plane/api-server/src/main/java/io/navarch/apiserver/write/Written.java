package io.navarch.apiserver.write;

import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.read.ObjectWriter;
import io.navarch.apiserver.request.ResourceRequest;
import java.io.IOException;

/// What a write has led to, and the status that says whether the object is new.
record Written(int status, StoredObject object) {
    static Written created(StoredObject object) {
        return new Written(201, object);
    }

    static Written updated(StoredObject object) {
        return new Written(200, object);
    }

    void respond(ResourceRequest request, ObjectWriter writer) throws IOException {
        writer.respond(request, status, object);
    }
}
