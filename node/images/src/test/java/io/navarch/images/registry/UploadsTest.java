package io.navarch.images.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.images.Blobs;
import io.navarch.images.ImageStore;
import io.navarch.images.registry.Uploads.Upload;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadsTest {
    private static final int MOST_OF_USER = 32;

    @TempDir
    Path directory;

    private Blobs blobs;
    private Uploads uploads;

    @BeforeEach
    void start() throws IOException {
        blobs = new ImageStore(directory.resolve("images")).blobs();
        uploads = new Uploads(blobs, InstantSource.system());
    }

    /// What happens while a part is on its way.
    private interface Meanwhile {
        void happens() throws Exception;
    }

    private static InputStream part(Meanwhile meanwhile) {
        return new InputStream() {
            private int sent;

            @Override
            public int read() {
                throw new AssertionError("it is read in pieces");
            }

            @Override
            public int read(byte[] buffer, int from, int length) {
                if (sent++ > 0) return -1;
                try {
                    meanwhile.happens();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
                return 1;
            }
        };
    }

    private Upload fill(String user) throws Exception {
        for (int i = 1; i < MOST_OF_USER; i++) {
            var ignored = uploads.begin("a/b", user);
        }
        return uploads.begin("a/b", user);
    }

    private void requireFull(String user) {
        assertThatThrownBy(() -> uploads.begin("a/b", user))
                .hasMessage(user + " has 32 uploads under way already")
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.status()).isEqualTo(429));
    }

    @Test
    void aUserLeavesRoomForOthers() throws Exception {
        var last = fill("one");
        requireFull("one");
        assertThat(uploads.begin("a/b", "other").size()).isZero();
        uploads.cancel(last);
        assertThat(uploads.begin("a/b", "one").size()).isZero();
    }

    private void cancelledByAnother(Upload upload) throws Exception {
        try (var other = Executors.newSingleThreadExecutor()) {
            other.submit(() -> {
                        uploads.cancel(upload);
                        return true;
                    })
                    .get();
        }
    }

    @Test
    void anUploadCountsUntilItsWriterHasEnded() throws Exception {
        var last = fill("one");
        assertThatThrownBy(() -> uploads.append(last, "", part(() -> {
                    cancelledByAnother(last);
                    requireFull("one");
                    assertThatThrownBy(() -> uploads.find("a/b", last.id()))
                            .hasMessageStartingWith("there is no upload");
                })))
                .hasMessage("there is no upload " + last.id());
        assertThat(last.size()).isZero();
        assertThat(uploads.begin("a/b", "one").size()).isZero();
    }

    @Test
    void whatIsOnItsWayHasItsRoom() throws Exception {
        var upload = uploads.begin("a/b", "one");
        long most = 1L << 60;
        uploads.append(
                upload,
                "",
                part(() -> assertThatThrownBy(() -> blobs.requireRoom(most))
                        .hasMessageStartingWith("no room for " + ((most >> 20) + 16) + " MiB")));
        assertThatThrownBy(() -> blobs.requireRoom(most))
                .hasMessageStartingWith("no room for " + (most >> 20) + " MiB");
        blobs.promise(most);
        assertThatThrownBy(() -> uploads.append(upload, "", new ByteArrayInputStream(new byte[1])))
                .hasMessageStartingWith("no room for");
    }
}
