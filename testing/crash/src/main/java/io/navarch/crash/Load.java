package io.navarch.crash;

import io.navarch.client.Client;
import io.navarch.model.Namespace;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.Lens;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/// Writers, each with objects of its own, that go on until the server answers no more.
final class Load {
    static final int WRITERS = 4;
    static final String PREFIX = "c-";

    private static final int OBJECTS = 9;
    private static final int CONFLICT = 409;
    private static final int SERVER_ERROR = 500;

    private final Ledger ledger;
    private final Tally tally;
    private final AtomicLong numbers = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    Load(Ledger ledger, Tally tally) {
        this.ledger = ledger;
        this.tally = tally;
    }

    static String namespace(int writer) {
        return "crash-" + writer;
    }

    static Id id(String namespace) {
        return new Id(Resources.NAMESPACES.plural(), new ObjectKey("", namespace));
    }

    void start(Client client, Random random) {
        stopped = false;
        for (int writer = 0; writer < WRITERS; writer++) {
            int own = writer;
            var seeded = new Random(random.nextLong());
            threads.add(Thread.ofVirtual().start(() -> new Writer(client, own, seeded).run()));
        }
    }

    void stop() throws InterruptedException {
        stopped = true;
        for (var thread : threads) thread.join();
        threads.clear();
    }

    /// The answer to what was sent has not come, or says nothing of it.
    private static final class Unanswered extends Exception {
        Unanswered(Throwable cause) {
            super(cause);
        }
    }

    private interface Call {
        /// @return the revision that the answer tells, 0 for none
        long send();
    }

    /// @param number 0 for a deletion
    private void write(String what, Id id, long number, Call call) throws Unanswered {
        ledger.sent(id, number);
        try {
            long revision = call.send();
            if (ledger.deaf()) throw new IllegalStateException("the power is gone");
            ledger.acknowledged(id, revision, number);
            tally.add("acknowledged");
            tally.add(what);
        } catch (ApiException e) {
            if (e.code() >= SERVER_ERROR) {
                tally.add("unanswered");
                throw new Unanswered(e);
            }
            ledger.refused(id);
            tally.add("refused " + e.code());
            // Nobody else writes it.
            if (e.code() <= CONFLICT) tally.finding("refusal", what + " " + id + ": " + e.getMessage());
        } catch (RuntimeException e) {
            tally.add("unanswered");
            throw new Unanswered(e);
        }
    }

    private void prepare(Client client) throws Unanswered {
        for (int writer = 0; writer < WRITERS; writer++) {
            var id = id(namespace(writer));
            if (!ledger.of(id).present()) createNamespace(client, id);
        }
    }

    /// @return whether the server answered
    boolean prepared(Client client) {
        try {
            prepare(client);
            return true;
        } catch (Unanswered e) {
            return false;
        }
    }

    private void createNamespace(Client client, Id id) throws Unanswered {
        var namespace = Namespace.builder()
                .metadata(metadata -> metadata.name(id.key().name()))
                .build();
        write("create namespace", id, 1, () -> revision(View.over(client.create(Resources.NAMESPACES, namespace))));
    }

    private static long revision(View object) {
        return Long.parseLong(object.resourceVersion());
    }

    private final class Writer {
        private final Client client;
        private final String namespace;
        private final Random random;

        Writer(Client client, int number, Random random) {
            this.client = client;
            this.random = random;
            namespace = namespace(number);
        }

        void run() {
            try {
                for (var id : ledger.objects().keySet())
                    if (id.key().name().startsWith(namespace + "-")
                            && ledger.of(id).present()) deleteNamespace(id);
                while (!stopped) step();
            } catch (Unanswered e) {
                // The server is dead, or dying.
            }
        }

        private void step() throws Unanswered {
            int chance = random.nextInt(200);
            if (chance == 0) passingNamespace();
            else if (chance < 10) once(Kind.EVENTS);
            else change(Kind.CHANGING.get(random.nextInt(Kind.CHANGING.size())));
        }

        private <T extends Lens> void once(Kind<T> kind) throws Unanswered {
            long number = numbers.incrementAndGet();
            create(kind, new ObjectKey(namespace, PREFIX + number), number);
        }

        private <T extends Lens> void create(Kind<T> kind, ObjectKey key, long number) throws Unanswered {
            write(
                    "create",
                    kind.id(key),
                    number,
                    () -> revision(View.over(client.create(kind.type(), kind.make(key, number, 0)))));
        }

        private <T extends Lens> void change(Kind<T> kind) throws Unanswered {
            var key = new ObjectKey(namespace, PREFIX + random.nextInt(OBJECTS));
            var id = kind.id(key);
            var known = ledger.of(id);
            long number = numbers.incrementAndGet();
            var type = kind.type();
            if (!known.present()) {
                if (random.nextInt(4) == 0) apply(kind, key, number);
                else create(kind, key, number);
                return;
            }
            switch (random.nextInt(6)) {
                case 0 ->
                    write("delete", id, 0, () -> {
                        client.delete(type, key, "", null, "Background");
                        return 0;
                    });
                case 1 ->
                    write(
                            "merge patch",
                            id,
                            number,
                            () -> revision(View.over(client.mergePatch(type, key, "", kind.patch(key, number)))));
                case 2 ->
                    write(
                            "strategic patch",
                            id,
                            number,
                            () -> revision(View.over(client.strategicPatch(type, key, "", kind.patch(key, number)))));
                case 3 -> apply(kind, key, number);
                default -> update(kind, key, known, number);
            }
        }

        private <T extends Lens> void apply(Kind<T> kind, ObjectKey key, long number) throws Unanswered {
            write(
                    "apply",
                    kind.id(key),
                    number,
                    () -> revision(View.over(client.apply(kind.type(), kind.make(key, number, 0)))));
        }

        private <T extends Lens> void update(Kind<T> kind, ObjectKey key, Ledger.Known known, long number)
                throws Unanswered {
            write(
                    "update",
                    kind.id(key),
                    number,
                    () -> revision(
                            View.over(client.update(kind.type(), kind.make(key, number, known.revision()), ""))));
        }

        /// A namespace with something in it that is deleted at once.
        private void passingNamespace() throws Unanswered {
            var name = namespace + "-" + numbers.incrementAndGet();
            var id = id(name);
            createNamespace(client, id);
            for (int i = 0; i < 2; i++)
                create(Kind.CONFIG_MAPS, new ObjectKey(name, PREFIX + i), numbers.incrementAndGet());
            deleteNamespace(id);
        }

        private void deleteNamespace(Id id) throws Unanswered {
            for (var other : ledger.objects().keySet())
                if (other.key().namespace().equals(id.key().name())) ledger.letGo(other);
            write("delete namespace", id, 0, () -> {
                client.delete(Resources.NAMESPACES, id.key(), "", null, "Background");
                return 0;
            });
        }
    }
}
