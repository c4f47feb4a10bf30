package twemlab.event.kernel;

import java.lang.foreign.MemorySegment;

/// io_uring(7) of Linux 6: three system calls and the memory that both sides write. Each call
/// returns a value `>= 0`, or `-errno`. Entries hold raw addresses.
///
/// ```text
/// submission  |opcode:1|flags:1|ioprio:2|fd:4|off:8|addr:8|len:4|op_flags:4|
///             |user_data:8|buf_group:2|personality:2|file_index:4|addr3:8|pad:8|     64 bytes
/// completion  |user_data:8|res:4|flags:4|                                            16 bytes
/// buffer      |addr:8|len:4|bid:2|resv:2|     16 bytes; the ring's tail is the first one's resv
/// arguments of a wait   |sigmask:8|sigmask_size:4|min_wait_usec:4|timespec:8|        24 bytes
/// ```
///
/// Sources: io_uring_setup(2), io_uring_enter(2), io_uring_register(2), linux/io_uring.h of 6.12.
public interface UringCalls {
  int SQE_SIZE = 64;
  int CQE_SIZE = 16;
  int BUFFER_SIZE = 16;

  /// Where the tail of a ring of provided buffers lies: two bytes.
  int BUFFER_TAIL = 14;

  int WAIT_ARGUMENT_SIZE = 24;
  int TIMESPEC_SIZE = 16;

  /// `struct io_uring_params`: its size and the offsets that are used here.
  int PARAMS_SIZE = 120;

  int PARAMS_SQ_ENTRIES = 0;
  int PARAMS_CQ_ENTRIES = 4;
  int PARAMS_FLAGS = 8;
  int PARAMS_FEATURES = 20;
  int PARAMS_SQ_HEAD = 40;
  int PARAMS_SQ_TAIL = 44;
  int PARAMS_SQ_MASK = 48;
  int PARAMS_SQ_FLAGS = 56;
  int PARAMS_SQ_ARRAY = 64;
  int PARAMS_CQ_HEAD = 80;
  int PARAMS_CQ_TAIL = 84;
  int PARAMS_CQ_MASK = 88;
  int PARAMS_CQ_CQES = 100;

  int SETUP_CQSIZE = 1 << 3;
  int SETUP_CLAMP = 1 << 4;
  int SETUP_R_DISABLED = 1 << 6;
  int SETUP_SUBMIT_ALL = 1 << 7;
  int SETUP_SINGLE_ISSUER = 1 << 12;
  int SETUP_DEFER_TASKRUN = 1 << 13;

  int FEAT_SINGLE_MMAP = 1;
  int FEAT_NODROP = 1 << 1;
  int FEAT_SUBMIT_STABLE = 1 << 2;
  int FEAT_EXT_ARG = 1 << 8;
  int FEAT_CQE_SKIP = 1 << 11;

  /// The wait for several completions ends after `min_wait_usec` if there is one (6.12).
  int FEAT_MIN_TIMEOUT = 1 << 15;

  /// In the flags of the submission ring: completions wait outside their full ring (rule U5).
  int SQ_CQ_OVERFLOW = 1 << 1;

  long OFFSET_SQ_RING = 0;
  long OFFSET_SQES = 0x10000000L;

  int ENTER_GETEVENTS = 1;
  int ENTER_EXT_ARG = 1 << 3;

  int REGISTER_ENABLE_RINGS = 12;
  int REGISTER_PBUF_RING = 22;

  int OP_POLL_ADD = 6;
  int OP_POLL_REMOVE = 7;
  int OP_SENDMSG = 9;
  int OP_ACCEPT = 13;
  int OP_ASYNC_CANCEL = 14;
  int OP_SEND = 26;
  int OP_RECV = 27;

  /// Flags of a submission.
  int SQE_BUFFER_SELECT = 1 << 5;

  int SQE_CQE_SKIP_SUCCESS = 1 << 6;

  /// In `len` of POLL_ADD.
  int POLL_ADD_MULTI = 1;

  /// In `ioprio` of RECV and ACCEPT.
  int RECV_MULTISHOT = 1 << 1;

  int ACCEPT_MULTISHOT = 1;

  /// In `op_flags` of ASYNC_CANCEL.
  int CANCEL_ALL = 1;

  int CANCEL_ANY = 1 << 2;

  /// Flags of a completion; the upper half is the buffer's id.
  int CQE_BUFFER = 1;

  int CQE_MORE = 1 << 1;
  int CQE_BUFFER_SHIFT = 16;

  /// In `op_flags` of SEND and SENDMSG.
  int MSG_DONTWAIT = 0x40;

  int MSG_WAITALL = 0x100;
  int MSG_NOSIGNAL = 0x4000;

  /// In `op_flags` of ACCEPT.
  int SOCK_NONBLOCK = 0x800;

  int SOCK_CLOEXEC = 0x80000;

  /// io_uring_setup(2) with a `struct io_uring_params`, which is filled: the ring's descriptor.
  int setup(int entries, MemorySegment params, long offset);

  /// io_uring_enter(2): submits, and waits for `minimum` completions if the flags say so.
  ///
  /// @param argument of [#WAIT_ARGUMENT_SIZE] bytes with ENTER_EXT_ARG, otherwise unused
  /// @return how many entries were consumed
  int enter(int ring, int submit, int minimum, int flags, MemorySegment argument, long offset);

  /// io_uring_register(2).
  ///
  /// @param argument may be null where the operation has none
  int register(int ring, int operation, MemorySegment argument, long offset, int count);

  /// mmap(2) of one of a ring's areas.
  ///
  /// @throws OutOfMemoryError if the system refuses
  MemorySegment map(int ring, long bytes, long area);

  /// munmap(2) of what [#map] gave.
  void unmap(MemorySegment segment);

  /// close(2) of the ring.
  int close(int ring);
}
