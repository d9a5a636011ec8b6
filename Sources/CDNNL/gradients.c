#include "CDNNLGradients.h"
#include "description.h"
#include <stddef.h>
#include <stdlib.h>

/// An array in the caller's layout and in the one the primitive wants.
typedef struct {
  desc plain_desc;
  const_desc wanted;
  dnnl_memory_t plain, packed;
} operand;

typedef struct {
  dnnl_engine_t engine;
  dnnl_stream_t stream;
  dnnl_primitive_desc_t forward, backward;
  dnnl_primitive_t primitive;
  operand source, weights, destination;
} task;

/// `tag` is the layout of source and destination, dnnl_format_tag_any for whichever is fastest.
static dnnl_status_t choose(
    task *t, mien_correlation s, int for_weights, dnnl_format_tag_t tag) {
  const int rows = (s.height + 2 * s.padding - s.kernel) / s.stride + 1;
  const int columns = (s.width + 2 * s.padding - s.kernel) / s.stride + 1;
  const dnnl_dims_t in = {s.batch, s.in_channels, s.height, s.width};
  const dnnl_dims_t out = {s.batch, s.out_channels, rows, columns};
  const dnnl_dims_t weight = {s.out_channels, s.in_channels, s.kernel, s.kernel};
  const dnnl_dims_t strides = {s.stride, s.stride}, before = {s.padding, s.padding};
  // Rows that no step reaches are cut off by a padding less than zero.
  const dnnl_dims_t after = {
      (rows - 1) * s.stride + s.kernel - s.height - s.padding,
      (columns - 1) * s.stride + s.kernel - s.width - s.padding};
  desc in_any = {0}, out_any = {0}, weight_any = {0};
  dnnl_status_t status = describe(&t->source.plain_desc, 4, in, dnnl_nchw);
  if (!status) status = describe(&t->destination.plain_desc, 4, out, dnnl_nchw);
  if (!status) status = describe(&t->weights.plain_desc, 4, weight, dnnl_oihw);
  if (!status) status = describe(&in_any, 4, in, tag);
  if (!status) status = describe(&out_any, 4, out, tag);
  if (!status) status = describe(&weight_any, 4, weight, dnnl_format_tag_any);
  const dnnl_prop_kind_t prop = for_weights ? dnnl_forward_training : dnnl_forward_inference;
#if DNNL_VERSION_MAJOR >= 3
  const dnnl_dims_t dilation = {0, 0};
  if (!status)
    status = dnnl_convolution_forward_primitive_desc_create(
        &t->forward, t->engine, prop, dnnl_convolution_direct, in_any, weight_any, NULL, out_any,
        strides, dilation, before, after, NULL);
  if (!status && for_weights)
    status = dnnl_convolution_backward_weights_primitive_desc_create(
        &t->backward, t->engine, dnnl_convolution_direct, in_any, weight_any, NULL, out_any,
        strides, dilation, before, after, t->forward, NULL);
#else
  dnnl_convolution_desc_t operation;
  if (!status)
    status = dnnl_convolution_forward_desc_init(
        &operation, prop, dnnl_convolution_direct, &in_any, &weight_any, NULL, &out_any, strides,
        before, after);
  if (!status) status = dnnl_primitive_desc_create(&t->forward, &operation, NULL, t->engine, NULL);
  if (!status && for_weights) {
    status = dnnl_convolution_backward_weights_desc_init(
        &operation, dnnl_convolution_direct, &in_any, &weight_any, NULL, &out_any, strides, before,
        after);
    if (!status)
      status = dnnl_primitive_desc_create(&t->backward, &operation, NULL, t->engine, t->forward);
  }
#endif
  forget(&in_any);
  forget(&out_any);
  forget(&weight_any);
  return status;
}

/// Memory of an operand in the primitive's layout; the caller's own where the two agree.
static dnnl_status_t prepare(task *t, operand *o, const float *data, const_desc wanted, int fills) {
  o->wanted = wanted;
  dnnl_status_t status =
      dnnl_memory_create(&o->plain, borrow(&o->plain_desc), t->engine, (void *)data);
  if (status || dnnl_memory_desc_equal(borrow(&o->plain_desc), wanted)) return status;
  status = dnnl_memory_create(&o->packed, wanted, t->engine, DNNL_MEMORY_ALLOCATE);
  if (!status && fills)
    status = reorder(t->engine, t->stream, o->plain, borrow(&o->plain_desc), o->packed, wanted);
  return status;
}

static dnnl_memory_t memory(const operand *o) { return o->packed ? o->packed : o->plain; }

static void release(operand *o) {
  if (o->plain) dnnl_memory_destroy(o->plain);
  if (o->packed) dnnl_memory_destroy(o->packed);
  forget(&o->plain_desc);
}

static int run(
    mien_correlation s, const float *source, const float *weights, const float *destination,
    int for_weights) {
  task t = {0};
  dnnl_status_t status = dnnl_engine_create(&t.engine, dnnl_cpu, 0);
  if (!status) status = dnnl_stream_create(&t.stream, t.engine, dnnl_stream_default_flags);
  if (!status) status = choose(&t, s, for_weights, dnnl_format_tag_any);
  const dnnl_primitive_desc_t chosen = for_weights ? t.backward : t.forward;
  if (!status) status = dnnl_primitive_create(&t.primitive, chosen);
  if (!status)
    status = prepare(
        &t, &t.source, source, dnnl_primitive_desc_query_md(chosen, dnnl_query_src_md, 0), 1);
  if (!status)
    status = prepare(
        &t, &t.weights, weights,
        dnnl_primitive_desc_query_md(
            chosen, for_weights ? dnnl_query_diff_weights_md : dnnl_query_weights_md, 0),
        !for_weights);
  if (!status)
    status = prepare(
        &t, &t.destination, destination,
        dnnl_primitive_desc_query_md(
            chosen, for_weights ? dnnl_query_diff_dst_md : dnnl_query_dst_md, 0),
        for_weights);
  if (!status) {
    const dnnl_exec_arg_t arguments[] = {
        {DNNL_ARG_SRC, memory(&t.source)},
        {for_weights ? DNNL_ARG_DIFF_WEIGHTS : DNNL_ARG_WEIGHTS, memory(&t.weights)},
        {for_weights ? DNNL_ARG_DIFF_DST : DNNL_ARG_DST, memory(&t.destination)},
    };
    status = dnnl_primitive_execute(t.primitive, t.stream, 3, arguments);
    if (!status) status = dnnl_stream_wait(t.stream);
  }
  operand *result = for_weights ? &t.weights : &t.destination;
  if (!status && result->packed)
    status = reorder(
        t.engine, t.stream, result->packed, result->wanted, result->plain,
        borrow(&result->plain_desc));
  release(&t.source);
  release(&t.weights);
  release(&t.destination);
  if (t.primitive) dnnl_primitive_destroy(t.primitive);
  if (t.backward) dnnl_primitive_desc_destroy(t.backward);
  if (t.forward) dnnl_primitive_desc_destroy(t.forward);
  if (t.stream) dnnl_stream_destroy(t.stream);
  if (t.engine) dnnl_engine_destroy(t.engine);
  return (int)status;
}

int mien_correlate(
    mien_correlation s, const float *source, const float *weights, float *destination) {
  return run(s, source, weights, destination, 0);
}

int mien_correlation_weights(
    mien_correlation s, const float *source, const float *gradient, float *weights) {
  return run(s, source, weights, gradient, 1);
}

struct mien_strided {
  task t;
  dnnl_memory_t source, destination;
};

mien_strided *mien_strided_create(mien_correlation s, int block, const float *weights) {
  mien_strided *c = calloc(1, sizeof *c);
  if (!c) return NULL;
  task *t = &c->t;
  dnnl_status_t status = dnnl_engine_create(&t->engine, dnnl_cpu, 0);
  if (!status) status = dnnl_stream_create(&t->stream, t->engine, dnnl_stream_default_flags);
  if (!status) status = choose(t, s, 0, block == 16 ? dnnl_nChw16c : dnnl_nChw8c);
  if (!status) status = dnnl_primitive_create(&t->primitive, t->forward);
  if (!status)
    status = prepare(
        t, &t->weights, weights, dnnl_primitive_desc_query_md(t->forward, dnnl_query_weights_md, 0),
        1);
  // The caller's plain weights need not outlive this call.
  if (!status && !t->weights.packed) status = dnnl_unimplemented;
  if (!status)
    status = dnnl_memory_create(
        &c->source, dnnl_primitive_desc_query_md(t->forward, dnnl_query_src_md, 0), t->engine,
        DNNL_MEMORY_NONE);
  if (!status)
    status = dnnl_memory_create(
        &c->destination, dnnl_primitive_desc_query_md(t->forward, dnnl_query_dst_md, 0), t->engine,
        DNNL_MEMORY_NONE);
  if (status) {
    mien_strided_destroy(c);
    return NULL;
  }
  return c;
}

void mien_strided_destroy(mien_strided *c) {
  if (!c) return;
  if (c->source) dnnl_memory_destroy(c->source);
  if (c->destination) dnnl_memory_destroy(c->destination);
  task *t = &c->t;
  release(&t->source);
  release(&t->weights);
  release(&t->destination);
  if (t->primitive) dnnl_primitive_destroy(t->primitive);
  if (t->forward) dnnl_primitive_desc_destroy(t->forward);
  if (t->stream) dnnl_stream_destroy(t->stream);
  if (t->engine) dnnl_engine_destroy(t->engine);
  free(c);
}

void mien_strided_run(mien_strided *c, const float *source, float *destination) {
  dnnl_status_t status = dnnl_memory_set_data_handle(c->source, (void *)source);
  if (!status) status = dnnl_memory_set_data_handle(c->destination, destination);
  const dnnl_exec_arg_t arguments[] = {
      {DNNL_ARG_SRC, c->source},
      {DNNL_ARG_WEIGHTS, memory(&c->t.weights)},
      {DNNL_ARG_DST, c->destination},
  };
  if (!status) status = dnnl_primitive_execute(c->t.primitive, c->t.stream, 3, arguments);
  if (!status) status = dnnl_stream_wait(c->t.stream);
  // A well-formed primitive fails only for want of memory.
  if (status) abort();
}
