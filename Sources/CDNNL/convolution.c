#if !__has_include(<oneapi/dnnl/dnnl.h>)
#error "mien needs oneDNN: install it with  apt-get install libdnnl-dev"
#endif
#include "CDNNL.h"
#include "description.h"
#include <stdlib.h>
#include <string.h>

struct mien_convolution {
  dnnl_engine_t engine;
  dnnl_stream_t stream;
  dnnl_primitive_desc_t description;
  dnnl_primitive_t primitive;
  dnnl_memory_t source, weights, destination, scratch;
  size_t scratch_bytes, weight_bytes;
  const char *implementation;
};

static int output_side(mien_convolution_shape s, int side) {
  return s.kind == mien_convolution_transposed ? 2 * side + s.kernel - 2
                                               : side + 2 * s.padding - s.kernel + 1;
}

/// The primitive descriptor for the shape; `tag` is the layout of source and destination.
static dnnl_status_t choose(
    dnnl_primitive_desc_t *result, dnnl_engine_t engine, mien_convolution_shape s,
    mien_convolution_algorithm algorithm, dnnl_format_tag_t tag) {
  const dnnl_dims_t in = {s.batch, s.in_channels, s.height, s.width};
  const dnnl_dims_t out = {
      s.batch, s.out_channels, output_side(s, s.height), output_side(s, s.width)};
  const dnnl_dims_t weight = {s.out_channels, s.in_channels, s.kernel, s.kernel};
  const int stride = s.kind == mien_convolution_transposed ? 2 : 1;
  const dnnl_dims_t strides = {stride, stride}, padding = {s.padding, s.padding};
  desc in_desc = {0}, out_desc = {0}, weight_desc = {0};
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_status_t status = dnnl_primitive_attr_create(&attributes);
  if (!status) status = dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user);
  if (!status) status = describe(&in_desc, 4, in, tag);
  if (!status) status = describe(&out_desc, 4, out, tag);
  if (!status) status = describe(&weight_desc, 4, weight, dnnl_format_tag_any);
  const dnnl_alg_kind_t kind = s.kind == mien_convolution_transposed ? dnnl_deconvolution_direct
      : algorithm == mien_algorithm_winograd                         ? dnnl_convolution_winograd
                                                                     : dnnl_convolution_direct;
#if DNNL_VERSION_MAJOR >= 3
  const dnnl_dims_t dilation = {0, 0};
  if (!status && s.kind == mien_convolution_transposed)
    status = dnnl_deconvolution_forward_primitive_desc_create(
        result, engine, dnnl_forward_inference, kind, in_desc, weight_desc, NULL, out_desc, strides,
        dilation, padding, padding, attributes);
  else if (!status)
    status = dnnl_convolution_forward_primitive_desc_create(
        result, engine, dnnl_forward_inference, kind, in_desc, weight_desc, NULL, out_desc, strides,
        dilation, padding, padding, attributes);
#else
  if (!status && s.kind == mien_convolution_transposed) {
    dnnl_deconvolution_desc_t operation;
    status = dnnl_deconvolution_forward_desc_init(
        &operation, dnnl_forward_inference, kind, &in_desc, &weight_desc, NULL, &out_desc, strides,
        padding, padding);
    if (!status) status = dnnl_primitive_desc_create(result, &operation, attributes, engine, NULL);
  } else if (!status) {
    dnnl_convolution_desc_t operation;
    status = dnnl_convolution_forward_desc_init(
        &operation, dnnl_forward_inference, kind, &in_desc, &weight_desc, NULL, &out_desc, strides,
        padding, padding);
    if (!status) status = dnnl_primitive_desc_create(result, &operation, attributes, engine, NULL);
  }
#endif
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  forget(&in_desc);
  forget(&out_desc);
  forget(&weight_desc);
  return status;
}

/// A memory of the layout `wanted` holding the plain array `data` of `dims`.
static dnnl_status_t pack(
    dnnl_memory_t *packed, dnnl_engine_t engine, dnnl_stream_t stream, const float *data, int rank,
    const dnnl_dims_t dims, dnnl_format_tag_t tag, const_desc wanted) {
  desc plain_desc = {0};
  dnnl_memory_t plain = NULL;
  dnnl_status_t status = describe(&plain_desc, rank, dims, tag);
  if (!status) status = dnnl_memory_create(&plain, borrow(&plain_desc), engine, (void *)data);
  if (!status) status = dnnl_memory_create(packed, wanted, engine, DNNL_MEMORY_ALLOCATE);
  if (!status) status = reorder(engine, stream, plain, borrow(&plain_desc), *packed, wanted);
  if (plain) dnnl_memory_destroy(plain);
  forget(&plain_desc);
  return status;
}

/// Engine, stream, primitive and the packed weights; memories for the data without handles.
static dnnl_status_t build(
    mien_convolution *c, mien_convolution_shape s, mien_convolution_algorithm algorithm,
    dnnl_format_tag_t tag, const float *weights) {
  dnnl_status_t status = dnnl_engine_create(&c->engine, dnnl_cpu, 0);
  if (!status) status = dnnl_stream_create(&c->stream, c->engine, dnnl_stream_default_flags);
  if (!status) status = choose(&c->description, c->engine, s, algorithm, tag);
  if (!status) status = dnnl_primitive_create(&c->primitive, c->description);
  if (status) return status;
  dnnl_primitive_desc_query(c->description, dnnl_query_impl_info_str, 0, &c->implementation);
  const_desc source = dnnl_primitive_desc_query_md(c->description, dnnl_query_src_md, 0);
  const_desc weight = dnnl_primitive_desc_query_md(c->description, dnnl_query_weights_md, 0);
  const_desc destination = dnnl_primitive_desc_query_md(c->description, dnnl_query_dst_md, 0);
  const_desc scratch = dnnl_primitive_desc_query_md(c->description, dnnl_query_scratchpad_md, 0);
  c->scratch_bytes = dnnl_memory_desc_get_size(scratch);
  c->weight_bytes = dnnl_memory_desc_get_size(weight);
  const dnnl_dims_t dims = {s.out_channels, s.in_channels, s.kernel, s.kernel};
  status = pack(&c->weights, c->engine, c->stream, weights, 4, dims, dnnl_oihw, weight);
  if (!status) status = dnnl_memory_create(&c->source, source, c->engine, DNNL_MEMORY_NONE);
  if (!status) status = dnnl_memory_create(&c->destination, destination, c->engine, DNNL_MEMORY_NONE);
  if (!status) status = dnnl_memory_create(&c->scratch, scratch, c->engine, DNNL_MEMORY_NONE);
  return status;
}

mien_convolution *mien_convolution_create(
    mien_convolution_shape shape, mien_convolution_algorithm algorithm, int block,
    const float *weights) {
  mien_convolution *c = calloc(1, sizeof *c);
  if (!c) return NULL;
  if (build(c, shape, algorithm, block == 16 ? dnnl_nChw16c : dnnl_nChw8c, weights)) {
    mien_convolution_destroy(c);
    return NULL;
  }
  return c;
}

void mien_convolution_destroy(mien_convolution *c) {
  if (!c) return;
  if (c->source) dnnl_memory_destroy(c->source);
  if (c->weights) dnnl_memory_destroy(c->weights);
  if (c->destination) dnnl_memory_destroy(c->destination);
  if (c->scratch) dnnl_memory_destroy(c->scratch);
  if (c->primitive) dnnl_primitive_destroy(c->primitive);
  if (c->description) dnnl_primitive_desc_destroy(c->description);
  if (c->stream) dnnl_stream_destroy(c->stream);
  if (c->engine) dnnl_engine_destroy(c->engine);
  free(c);
}

size_t mien_convolution_scratch(const mien_convolution *c) {
  return (c->scratch_bytes + sizeof(float) - 1) / sizeof(float);
}

size_t mien_convolution_weight_bytes(const mien_convolution *c) { return c->weight_bytes; }

const char *mien_convolution_implementation(const mien_convolution *c) { return c->implementation; }

/// oneDNN reports failures of a well-formed primitive only for want of memory or for misuse, both
/// of which end the program.
static void insist(dnnl_status_t status) {
  if (status) abort();
}

void mien_convolution_run(
    mien_convolution *c, const float *source, float *destination, float *scratch) {
  insist(dnnl_memory_set_data_handle(c->source, (void *)source));
  insist(dnnl_memory_set_data_handle(c->destination, destination));
  insist(dnnl_memory_set_data_handle(c->scratch, scratch));
  const dnnl_exec_arg_t arguments[] = {
      {DNNL_ARG_SRC, c->source},
      {DNNL_ARG_WEIGHTS, c->weights},
      {DNNL_ARG_DST, c->destination},
      {DNNL_ARG_SCRATCHPAD, c->scratch},
  };
  insist(dnnl_primitive_execute(c->primitive, c->stream, 4, arguments));
  insist(dnnl_stream_wait(c->stream));
}

int mien_convolve(
    mien_convolution_shape s, const float *source, const float *weights, float *destination) {
  mien_convolution c = {0};
  dnnl_memory_t in = NULL, out = NULL, plain = NULL;
  desc plain_desc = {0};
  const dnnl_dims_t in_dims = {s.batch, s.in_channels, s.height, s.width};
  const dnnl_dims_t out_dims = {
      s.batch, s.out_channels, output_side(s, s.height), output_side(s, s.width)};
  void *scratch = NULL;
  dnnl_status_t status = build(&c, s, mien_algorithm_direct, dnnl_format_tag_any, weights);
  if (!status) {
    const_desc in_desc = dnnl_primitive_desc_query_md(c.description, dnnl_query_src_md, 0);
    const_desc out_desc = dnnl_primitive_desc_query_md(c.description, dnnl_query_dst_md, 0);
    status = pack(&in, c.engine, c.stream, source, 4, in_dims, dnnl_nchw, in_desc);
    if (!status) status = dnnl_memory_create(&out, out_desc, c.engine, DNNL_MEMORY_ALLOCATE);
    scratch = aligned_alloc(64, (c.scratch_bytes + 63) / 64 * 64 + 64);
    if (!status && !scratch) status = dnnl_out_of_memory;
    if (!status) {
      insist(dnnl_memory_set_data_handle(c.scratch, scratch));
      const dnnl_exec_arg_t arguments[] = {
          {DNNL_ARG_SRC, in},
          {DNNL_ARG_WEIGHTS, c.weights},
          {DNNL_ARG_DST, out},
          {DNNL_ARG_SCRATCHPAD, c.scratch},
      };
      status = dnnl_primitive_execute(c.primitive, c.stream, 4, arguments);
      if (!status) status = dnnl_stream_wait(c.stream);
    }
    if (!status) status = describe(&plain_desc, 4, out_dims, dnnl_nchw);
    if (!status) status = dnnl_memory_create(&plain, borrow(&plain_desc), c.engine, destination);
    if (!status) status = reorder(c.engine, c.stream, out, out_desc, plain, borrow(&plain_desc));
  }
  free(scratch);
  if (in) dnnl_memory_destroy(in);
  if (out) dnnl_memory_destroy(out);
  if (plain) dnnl_memory_destroy(plain);
  forget(&plain_desc);
  if (c.source) dnnl_memory_destroy(c.source);
  if (c.weights) dnnl_memory_destroy(c.weights);
  if (c.destination) dnnl_memory_destroy(c.destination);
  if (c.scratch) dnnl_memory_destroy(c.scratch);
  if (c.primitive) dnnl_primitive_destroy(c.primitive);
  if (c.description) dnnl_primitive_desc_destroy(c.description);
  if (c.stream) dnnl_stream_destroy(c.stream);
  if (c.engine) dnnl_engine_destroy(c.engine);
  return (int)status;
}

int mien_matrix_product(
    int transpose_a, int transpose_b, int m, int n, int k, const float *a, const float *b,
    float *c) {
  return (int)dnnl_sgemm(
      transpose_a ? 'T' : 'N', transpose_b ? 'T' : 'N', m, n, k, 1, a, transpose_a ? m : k, b,
      transpose_b ? k : n, 0, c, n);
}

int mien_preferred_block(void) {
  return (dnnl_get_effective_cpu_isa() & dnnl_cpu_isa_avx512_core) == dnnl_cpu_isa_avx512_core ? 16 : 8;
}

int mien_dnnl_version(void) {
  const dnnl_version_t *v = dnnl_version();
  return v->major * 10000 + v->minor * 100 + v->patch;
}

const char *mien_dnnl_isa(void) {
  switch (dnnl_get_effective_cpu_isa()) {
  case dnnl_cpu_isa_sse41: return "sse41";
  case dnnl_cpu_isa_avx: return "avx";
  case dnnl_cpu_isa_avx2: return "avx2";
  case dnnl_cpu_isa_avx512_core: return "avx512_core";
  case dnnl_cpu_isa_avx512_core_vnni: return "avx512_core_vnni";
  case dnnl_cpu_isa_avx512_core_bf16: return "avx512_core_bf16";
  case dnnl_cpu_isa_avx512_core_amx: return "avx512_core_amx";
  default: return "other";
  }
}
