#pragma once
// Debian's liblapack-dev has the Fortran library without a C header, so the one
// routine used here is declared by hand (LAPACK 3.11, dsyevd).

/// Eigenvalues (ascending, in w) and, for jobz 'V', eigenvectors (columns of the
/// column-major a) of a real symmetric matrix of order n.
void dsyevd_(
    const char *jobz, const char *uplo, const int *n, double *a, const int *lda,
    double *w, double *work, const int *lwork, int *iwork, const int *liwork, int *info);
